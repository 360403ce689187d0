package org.kerasf2a.jvm

import org.kerasf2a.core.Engine

/**
 * A generator in a `.tflite` file, with a fixed size and float32 input and output.
 *
 * @param library path of libLiteRt.so.
 * @param file path of the model.
 */
class LiteRtEngine(library: String, file: String) : Engine {
    override val description = "LiteRT on the JVM"

    private val model = LiteRtModel(library, file)
    override val height: Int
    override val width: Int

    init {
        val shape = model.inputs.single().shape
        val isImage = shape.size == 4 && shape[0] == 1 && shape[3] == 3
        require(isImage && model.outputs.single().shape == shape) { "$file turns no image into one" }
        height = shape[1]
        width = shape[2]
    }

    override fun run(image: FloatArray): FloatArray = model.run(listOf(image)).single()

    override fun close() = model.close()
}
