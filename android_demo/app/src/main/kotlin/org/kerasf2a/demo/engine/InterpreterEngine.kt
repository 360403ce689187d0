package org.kerasf2a.demo.engine

import org.kerasf2a.core.Engine
import org.kerasf2a.core.PhotoError
import org.tensorflow.lite.DataType
import java.nio.ByteBuffer
import java.nio.FloatBuffer

/**
 * Runs a generator with LiteRT's interpreter. The image size comes from the model.
 *
 * A GPU must run on the thread that opened it, so open, use and close an engine on the same thread.
 *
 * @param model a `.tflite` file that maps one float32 RGB image in [0, 1] to another.
 * @param description the accelerator, in the user's language.
 * @param accelerator configures the interpreter, and is closed after it.
 * @throws PhotoError.ModelFailed if the interpreter rejects the model, or if it is not a generator.
 */
class InterpreterEngine(
    model: ByteBuffer,
    override val description: String,
    private val accelerator: Accelerator,
) : Engine {
    private val interpreter = openInterpreter(model, accelerator)
    override val height: Int
    override val width: Int
    private val input: FloatBuffer
    private val output: FloatBuffer

    init {
        try {
            val (rows, columns) = requireImageSize()
            height = rows
            width = columns
            input = directFloats(rows * columns * CHANNELS)
            output = directFloats(rows * columns * CHANNELS)
        } catch (error: PhotoError.ModelFailed) {
            close()
            throw error
        }
    }

    override fun run(image: FloatArray): FloatArray {
        input.clear()
        input.put(image)
        input.rewind()
        output.clear()
        try {
            interpreter.run(input, output)
        } catch (error: RuntimeException) {
            throw modelFailure(error)
        }
        return output.contents()
    }

    override fun close() {
        interpreter.close()
        accelerator.close()
    }

    private fun requireImageSize(): Pair<Int, Int> {
        if (interpreter.inputTensorCount != 1 || interpreter.outputTensorCount != 1) {
            throw PhotoError.ModelFailed("it has not one input and one output")
        }
        val input = interpreter.getInputTensor(0)
        val output = interpreter.getOutputTensor(0)
        val shape = input.shape()
        val isImage = shape.size == 4 && shape[0] == 1 && shape[3] == CHANNELS
        if (!isImage || !shape.contentEquals(output.shape())) {
            throw PhotoError.ModelFailed("${describe(input)} becomes ${describe(output)}")
        }
        for (tensor in listOf(input, output)) {
            if (tensor.dataType() != DataType.FLOAT32) {
                throw PhotoError.ModelFailed("${describe(tensor)} holds ${tensor.dataType()}")
            }
        }
        return Pair(shape[1], shape[2])
    }
}

private const val CHANNELS = 3
