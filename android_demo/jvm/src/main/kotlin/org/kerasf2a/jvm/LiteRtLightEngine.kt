package org.kerasf2a.jvm

import org.kerasf2a.core.LightEngine
import org.kerasf2a.core.LogGain
import org.kerasf2a.core.Network
import org.kerasf2a.core.ReadPhoto

/**
 * A network for placed light in a `.tflite` file with two signatures.
 *
 * @param library path of libLiteRt.so.
 * @param file path of the model.
 */
class LiteRtLightEngine(library: String, file: String) : LightEngine {
    override val description = "LiteRT on the JVM"

    private val encoder = LiteRtModel(library, file, ENCODE)
    private val decoder = LiteRtModel(library, file, TELL)
    private val names = encoder.outputs.map { it.name } - FLASH_SHARE
    override val height: Int
    override val width: Int

    init {
        val shape = encoder.inputs.single().shape
        require(shape.size == 4 && shape[3] == 3) { "$file takes no image" }
        height = shape[1]
        width = shape[2]
    }

    override fun encode(image: FloatArray): ReadPhoto {
        val found = encoder.outputs.map { it.name }.zip(encoder.run(listOf(image))).toMap()
        return ReadPhoto(names.map { found.getValue(it) }, found[FLASH_SHARE])
    }

    override fun logGain(features: List<FloatArray>, light: FloatArray): LogGain {
        val named = names.zip(features).toMap() + (LIGHT to light)
        val gain = decoder.run(decoder.inputs.map { named.getValue(it.name) }).single()
        val shape = decoder.outputs.single().shape
        return LogGain(shape[1], shape[2], gain)
    }

    override fun close() {
        encoder.close()
        decoder.close()
    }

    companion object {
        private const val ENCODE = "encode"
        private const val TELL = "light"
        private const val LIGHT = "light"

        /** Absent from older files. */
        private const val FLASH_SHARE = "flash_share"

        /** Opens a model of either kind: a generator or a network for placed light. */
        fun orGenerator(library: String, file: String): Network {
            val isForLight = LiteRtModel.signatureNames(library, file).containsAll(listOf(ENCODE, TELL))
            return if (isForLight) LiteRtLightEngine(library, file) else LiteRtEngine(library, file)
        }
    }
}
