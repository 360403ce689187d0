package org.kerasf2a.demo.engine

import org.kerasf2a.core.FaceNetwork
import org.kerasf2a.core.FaceOutputs
import org.kerasf2a.core.PhotoError
import java.nio.ByteBuffer

/**
 * Runs the face detector with LiteRT's interpreter on the CPU, which takes a millisecond or two.
 *
 * @param model the detector's `.tflite` file.
 * @throws PhotoError.ModelFailed if the interpreter rejects it, or if it is another network.
 */
class InterpreterFaces(model: ByteBuffer) : FaceNetwork {
    private val accelerator = Accelerator.cpu(1)
    private val interpreter = openInterpreter(model, accelerator)
    private val isWide = (0 until interpreter.outputTensorCount).map { shape(it).last() > 1 }

    init {
        val image = interpreter.getInputTensor(0)
        val isDetector = isWide.sorted() == listOf(false, true)
        if (!isDetector || image.numElements() != FaceNetwork.SIDE * FaceNetwork.SIDE * CHANNELS) {
            close()
            throw PhotoError.ModelFailed("${describe(image)} is no detector of faces")
        }
    }

    private val input = directFloats(interpreter.getInputTensor(0).numElements())
    private val points = directFloats(numbers(isWide.indexOf(true)))
    private val scores = directFloats(numbers(isWide.indexOf(false)))

    override fun run(image: FloatArray): FaceOutputs {
        input.clear()
        input.put(image)
        input.rewind()
        points.clear()
        scores.clear()
        val outputs =
            mapOf<Int, Any>(isWide.indexOf(true) to points, isWide.indexOf(false) to scores)
        try {
            interpreter.runForMultipleInputsOutputs(arrayOf<Any>(input), outputs)
        } catch (error: RuntimeException) {
            throw modelFailure(error)
        }
        return FaceOutputs(points.contents(), scores.contents())
    }

    override fun close() {
        interpreter.close()
        accelerator.close()
    }

    private fun shape(output: Int) = interpreter.getOutputTensor(output).shape()

    private fun numbers(output: Int) = interpreter.getOutputTensor(output).numElements()
}

private const val CHANNELS = 3
