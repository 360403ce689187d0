package org.kerasf2a.demo.engine

import org.kerasf2a.core.LightEngine
import org.kerasf2a.core.LogGain
import org.kerasf2a.core.PhotoError
import org.kerasf2a.core.ReadPhoto
import org.tensorflow.lite.DataType
import org.tensorflow.lite.Tensor
import java.nio.ByteBuffer
import java.nio.FloatBuffer

/**
 * Runs a network for placed light with LiteRT's interpreter. Its file has two signatures, which
 * `keras_f2a.correction.litert_light_engine` in the Python package describes. One reads a
 * photograph, and the other predicts the effect of a light.
 *
 * @param model the `.tflite` file.
 * @param description the accelerator, in the user's language.
 * @param accelerator configures the interpreter, and is closed after it.
 * @throws PhotoError.ModelFailed if the interpreter rejects the model, or if it is another network.
 */
class InterpreterLights(
    model: ByteBuffer,
    override val description: String,
    private val accelerator: Accelerator,
) : LightEngine {
    private val interpreter = openInterpreter(model, accelerator)
    private val image: FloatBuffer
    private val features: Map<String, FloatBuffer>

    /** Empty for older files. */
    private val shareOutput: Map<String, FloatBuffer>
    private val lightInput: FloatBuffer
    private val gain: FloatBuffer
    private val gainShape: IntArray
    override val height: Int
    override val width: Int

    init {
        try {
            val encodeOutputs = interpreter.getSignatureOutputs(ENCODE).sorted()
            val names = encodeOutputs - FLASH_SHARE
            val expected = listOf(listOf(FLASH), (names + LIGHT).sorted(), listOf(LOG_GAIN))
            val found =
                listOf(
                    interpreter.getSignatureInputs(ENCODE).sorted(),
                    interpreter.getSignatureInputs(PREDICT).sorted(),
                    interpreter.getSignatureOutputs(PREDICT).sorted(),
                )
            if (found != expected) throw PhotoError.ModelFailed("$found are not $expected")
            val flash = requireFloats(interpreter.getInputTensorFromSignature(FLASH, ENCODE))
            height = flash.shape()[1]
            width = flash.shape()[2]
            image = directFloats(height * width * CHANNELS)
            features =
                names.associateWith { name ->
                    val feature = requireFloats(interpreter.getOutputTensorFromSignature(name, ENCODE))
                    directFloats(feature.shape().fold(1) { product, side -> product * side })
                }
            val hasShare = FLASH_SHARE in encodeOutputs
            shareOutput = if (hasShare) mapOf(FLASH_SHARE to directFloats(1)) else emptyMap()
            lightInput = directFloats(DESCRIPTOR_LENGTH)
            val logGain = requireFloats(interpreter.getOutputTensorFromSignature(LOG_GAIN, PREDICT))
            gainShape = logGain.shape()
            gain = directFloats(gainShape[1] * gainShape[2])
        } catch (error: PhotoError.ModelFailed) {
            close()
            throw error
        } catch (error: RuntimeException) { // Unexpected signatures or shapes.
            close()
            throw modelFailure(error)
        }
    }

    override fun encode(image: FloatArray): ReadPhoto {
        this.image.fill(image)
        val found = features + shareOutput
        found.values.forEach { it.clear() }
        run(mapOf(FLASH to this.image), found, ENCODE)
        return ReadPhoto(features.values.map { it.contents() }, shareOutput[FLASH_SHARE]?.contents())
    }

    override fun logGain(features: List<FloatArray>, light: FloatArray): LogGain {
        this.features.values.zip(features) { buffer, values -> buffer.fill(values) }
        lightInput.fill(light)
        gain.clear()
        run(this.features + (LIGHT to lightInput), mapOf(LOG_GAIN to gain), PREDICT)
        return LogGain(gainShape[1], gainShape[2], gain.contents())
    }

    override fun close() {
        interpreter.close()
        accelerator.close()
    }

    private fun run(inputs: Map<String, Any>, outputs: Map<String, Any>, signature: String) {
        try {
            interpreter.runSignature(inputs, outputs, signature)
        } catch (error: RuntimeException) {
            throw modelFailure(error)
        }
    }

    private fun requireFloats(tensor: Tensor): Tensor {
        if (tensor.dataType() != DataType.FLOAT32 || tensor.numDimensions() != 4) {
            throw PhotoError.ModelFailed("${describe(tensor)} holds ${tensor.dataType()}")
        }
        return tensor
    }

    companion object {
        private const val ENCODE = "encode"
        private const val PREDICT = "light"
        private const val FLASH = "flash"
        private const val LIGHT = "light"
        private const val LOG_GAIN = "log_gain"

        /** Absent from older files. */
        private const val FLASH_SHARE = "flash_share"
        private const val DESCRIPTOR_LENGTH = 13
        private const val CHANNELS = 3

        /**
         * Returns whether a model is a network for placed light.
         *
         * @throws PhotoError.ModelFailed if the interpreter rejects it.
         */
        fun canRun(model: ByteBuffer): Boolean =
            openInterpreter(model, Accelerator.cpu(1)).use { interpreter ->
                interpreter.signatureKeys.toList().containsAll(listOf(ENCODE, PREDICT))
            }
    }
}

private fun FloatBuffer.fill(values: FloatArray) {
    clear()
    put(values)
    rewind()
}
