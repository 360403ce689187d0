package org.kerasf2a.demo.engine

import org.kerasf2a.core.Engine
import org.kerasf2a.core.PhotoError
import org.tensorflow.lite.DataType
import java.nio.ByteBuffer
import java.nio.FloatBuffer

/**
 * Runs the network with LiteRT's interpreter. The image size is the one that the model states.
 *
 * A GPU must run on the thread that it was opened on, so an engine is opened, used and closed on one
 * and the same thread.
 *
 * @param model a `.tflite` file that takes one float32 RGB image in [0, 1] and returns one like it.
 * @param description the accelerator, in the user's language.
 * @param accelerator says how the interpreter is set up, and is closed after it.
 * @throws PhotoError.ModelFailed if the interpreter refuses the model, or the model is another one.
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
            val (rows, columns) = checkedSize()
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

    private fun checkedSize(): Pair<Int, Int> {
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
