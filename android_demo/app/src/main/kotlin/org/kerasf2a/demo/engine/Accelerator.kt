package org.kerasf2a.demo.engine

import org.tensorflow.lite.Interpreter
import org.tensorflow.lite.gpu.GpuDelegate

/** What an interpreter computes with, and what has to be closed after it. */
class Accelerator private constructor(val options: Interpreter.Options, private val delegate: GpuDelegate?) :
    AutoCloseable {
    override fun close() {
        delegate?.close()
    }

    companion object {
        /** The processor's cores. */
        fun cpu(threads: Int) =
            Accelerator(Interpreter.Options().setNumThreads(threads).setUseXNNPACK(true), null)

        /** The GPU. Its driver is loaded here, which throws a RuntimeException or an Error. */
        fun gpu(): Accelerator {
            val delegate = GpuDelegate()
            return Accelerator(Interpreter.Options().addDelegate(delegate), delegate)
        }
    }
}
