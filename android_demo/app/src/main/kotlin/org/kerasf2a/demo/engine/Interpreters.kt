package org.kerasf2a.demo.engine

import org.kerasf2a.core.PhotoError
import org.tensorflow.lite.Interpreter
import org.tensorflow.lite.Tensor
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.FloatBuffer

/**
 * Opens LiteRT's interpreter of a model; closes the accelerator if that fails.
 *
 * @throws PhotoError.ModelFailed if it refuses the model, or the phone has no code for it.
 */
internal fun openInterpreter(model: ByteBuffer, accelerator: Accelerator): Interpreter = try {
    Interpreter(model, accelerator.options)
} catch (error: RuntimeException) {
    accelerator.close()
    throw modelFailure(error)
} catch (error: LinkageError) { // No native library for this phone's processor.
    accelerator.close()
    throw modelFailure(error)
}

/** Returns memory for a tensor's numbers that the interpreter uses as it is. */
internal fun directFloats(count: Int): FloatBuffer =
    ByteBuffer.allocateDirect(count * Float.SIZE_BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer()

/** Copies out everything that was written into a buffer. */
internal fun FloatBuffer.contents(): FloatArray {
    rewind()
    return FloatArray(capacity()).also { get(it) }
}

internal fun modelFailure(error: Throwable) =
    PhotoError.ModelFailed(error.message ?: error.javaClass.simpleName, error)

internal fun describe(tensor: Tensor) = "${tensor.name()} ${tensor.shape().joinToString("×")}"
