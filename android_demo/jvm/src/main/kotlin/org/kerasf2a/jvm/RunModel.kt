package org.kerasf2a.jvm

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Paths

/**
 * Runs a model on images, to compare its outputs bit for bit with those of other platforms.
 *
 * Arguments: libLiteRt.so, the model, a file of consecutive little-endian float32 images of the
 * model's size, and a file for the outputs.
 */
fun main(arguments: Array<String>) {
    val (library, model, source, target) = arguments
    val images = littleEndian(Files.readAllBytes(Paths.get(source)))
    val results = littleEndian(ByteArray(images.capacity()))
    LiteRtEngine(library, model).use { engine ->
        val image = FloatArray(engine.height * engine.width * 3)
        while (images.hasRemaining()) {
            for (index in image.indices) image[index] = images.float
            engine.run(image).forEach { results.putFloat(it) }
        }
    }
    Files.write(Paths.get(target), results.array())
}

private fun littleEndian(bytes: ByteArray) = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
