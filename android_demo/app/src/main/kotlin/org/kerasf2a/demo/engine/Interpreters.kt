package org.kerasf2a.demo.engine

import org.kerasf2a.core.PhotoError
import org.tensorflow.lite.Interpreter
import org.tensorflow.lite.Tensor
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.FloatBuffer

/**
 * Opens a LiteRT interpreter for a model. On failure, closes the accelerator.
 *
 * @throws PhotoError.ModelFailed if the interpreter rejects the model or does not support the
 *   phone.
 */
internal fun openInterpreter(model: ByteBuffer, accelerator: Accelerator): Interpreter = try {
    Interpreter(model, accelerator.options)
} catch (error: RuntimeException) {
    accelerator.close()
    throw modelFailure(error)
} catch (error: LinkageError) { // No native library for this phone's CPU.
    accelerator.close()
    throw modelFailure(error)
}

/** Allocates a buffer for a tensor that the interpreter uses without a copy. */
internal fun directFloats(count: Int): FloatBuffer =
    ByteBuffer.allocateDirect(count * Float.SIZE_BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer()

/** Copies the whole content of a buffer. */
internal fun FloatBuffer.contents(): FloatArray {
    rewind()
    return FloatArray(capacity()).also { get(it) }
}

internal fun modelFailure(error: Throwable) =
    PhotoError.ModelFailed(error.message ?: error.javaClass.simpleName, error)

internal fun describe(tensor: Tensor) = "${tensor.name()} ${tensor.shape().joinToString("×")}"
