package org.kerasf2a.demo.engine

import org.tensorflow.lite.Interpreter
import org.tensorflow.lite.gpu.GpuDelegate

/** The options of an interpreter's accelerator, and the delegate to close after it. */
class Accelerator private constructor(val options: Interpreter.Options, private val delegate: GpuDelegate?) :
    AutoCloseable {
    override fun close() {
        delegate?.close()
    }

    companion object {
        /** Returns the CPU as an accelerator. */
        fun cpu(threads: Int) =
            Accelerator(Interpreter.Options().setNumThreads(threads).setUseXNNPACK(true), null)

        /**
         * Returns the GPU as an accelerator. Loading its driver may throw a RuntimeException or an
         * Error.
         */
        fun gpu(): Accelerator {
            val delegate = GpuDelegate()
            return Accelerator(Interpreter.Options().addDelegate(delegate), delegate)
        }
    }
}
