package org.kerasf2a.jvm

import org.kerasf2a.core.Generator
import org.kerasf2a.core.LightMixture
import org.kerasf2a.core.Orientation
import org.kerasf2a.core.amountOf
import org.kerasf2a.core.analyze

/**
 * Corrects a photograph on the JVM with the same core as the app.
 *
 * Arguments, in this order:
 * - `libLiteRt.so`
 * - the model
 * - the photograph (PNG or JPEG)
 * - the PNG file to write
 * - the strength from 0 to 2
 * - the EXIF orientation of the stored pixels, in which the result is stored too
 * - the model for photographs of the other orientation, or a minus sign for none
 * - the face detector, which enables the rules of light, or a minus sign for none
 * - optional: the light, for a network for placed light
 * - optional: whether the flash fired, true or false, if the photograph's EXIF says so
 */
fun main(arguments: Array<String>) {
    val (library, model, source, target) = arguments
    val strength = arguments[4].toFloat()
    val orientation = Orientation.of(arguments[5].toInt())
    val stored = BufferedImagePhoto.read(source)
    val photo = orientation.upright(stored)
    val sibling = arguments[6].takeIf { it != NONE }
    val faces = arguments[7].takeIf { it != NONE }
    Generator(
        LiteRtLightEngine.orGenerator(library, model),
        sibling?.let { file -> { LiteRtLightEngine.orGenerator(library, file) } },
        faces?.let { LiteRtFaces(library, it) },
    ).use { generator ->
        val light = LightMixture.of(arguments.getOrElse(8) { LightMixture.AUTO })
        val flashFired = arguments.getOrNull(9)?.toBooleanStrict()
        val network = generator.engineFor(photo.height, photo.width)
        val start = System.nanoTime()
        val read = network.analyze(photo, generator.faceNetwork, flashFired = flashFired)
        val correction = read.under(light, amountOf(strength))
        val analyzed = System.nanoTime()
        correction.apply(photo, photo, strength)
        val applied = System.nanoTime()
        println("analyzed in ${(analyzed - start) / 1_000_000} ms")
        println("applied in ${(applied - analyzed) / 1_000_000} ms")
    }
    stored.writePng(target)
}

private const val NONE = "-"
