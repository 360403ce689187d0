package org.kerasf2a.demo.engine

import android.content.Context
import org.kerasf2a.core.Engine
import org.kerasf2a.core.Network
import org.kerasf2a.core.PhotoError
import org.kerasf2a.demo.R
import org.tensorflow.lite.gpu.CompatibilityList
import java.nio.ByteBuffer

/**
 * Opens models on the GPU if it has proved to be correct and faster, or else on the CPU.
 *
 * @param memory remembers the verdict; one for a model and its sibling.
 */
class EngineChooser(private val context: Context, private val memory: GpuMemory) {
    /**
     * Opens the network of a model of either kind.
     *
     * @throws PhotoError.ModelFailed if the model does not run.
     */
    fun open(model: ByteBuffer): Network =
        if (InterpreterLights.canRun(model)) openLights(model) else openGenerator(model)

    // On the CPU, because the GPU trial compares networks that output an image.
    private fun openLights(model: ByteBuffer): Network {
        val threads = threadsFor(processorFrequencies())
        return InterpreterLights(model, describeCpu(threads, null), Accelerator.cpu(threads))
    }

    /** Opens the engine of a generator. The first time, it compares the GPU with the CPU. */
    private fun openGenerator(model: ByteBuffer): Engine {
        var gpu: Engine? = null
        val verdict =
            when (val remembered = memory.verdict) {
                null -> memory.remember { tryGpu(model) { gpu = it } }
                GpuVerdict.USED -> {
                    gpu = openGpu(model)
                    if (gpu == null) GpuVerdict.FAILED else remembered
                }
                else -> remembered
            }
        return gpu ?: openCpu(model, verdict)
    }

    /** Compares the GPU with the CPU, and passes the GPU's engine to [use] if it wins. */
    private fun tryGpu(model: ByteBuffer, use: (Engine) -> Unit): GpuVerdict {
        if (!isGpuSupported()) return GpuVerdict.UNSUPPORTED
        openCpu(model, null).use { cpu ->
            val gpu = openGpu(model) ?: return GpuVerdict.FAILED
            val verdict =
                try {
                    GpuTrial().compare(cpu, gpu)
                } catch (error: Throwable) { // Not the GPU's fault, for example too little memory.
                    gpu.close()
                    throw error
                }
            if (verdict == GpuVerdict.USED) use(gpu) else gpu.close()
            return verdict
        }
    }

    private fun isGpuSupported(): Boolean = try {
        CompatibilityList().use { it.isDelegateSupportedOnThisDevice }
    } catch (_: LinkageError) { // A build for a CPU that the GPU library does not support.
        false
    }

    private fun openGpu(model: ByteBuffer): Engine? = try {
        InterpreterEngine(model, context.getString(R.string.accelerator_gpu), Accelerator.gpu())
    } catch (_: PhotoError.ModelFailed) {
        null
    } catch (_: RuntimeException) {
        null
    } catch (_: LinkageError) {
        null
    }

    private fun openCpu(model: ByteBuffer, verdict: GpuVerdict?): Engine {
        val threads = threadsFor(processorFrequencies())
        return InterpreterEngine(model, describeCpu(threads, verdict), Accelerator.cpu(threads))
    }

    private fun describeCpu(threads: Int, verdict: GpuVerdict?): String {
        val reason =
            when (verdict) {
                GpuVerdict.UNSUPPORTED -> R.string.gpu_unsupported
                GpuVerdict.CRASHED -> R.string.gpu_crashed
                GpuVerdict.FAILED -> R.string.gpu_failed
                GpuVerdict.DIFFERENT -> R.string.gpu_different
                GpuVerdict.SLOWER -> R.string.gpu_slower
                GpuVerdict.USED, null -> return context.getString(R.string.accelerator_cpu, threads)
            }
        val text = context.getString(reason)
        return context.getString(R.string.accelerator_cpu_reason, threads, text)
    }
}
