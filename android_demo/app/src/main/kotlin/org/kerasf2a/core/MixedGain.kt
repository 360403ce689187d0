package org.kerasf2a.core

import kotlin.math.exp
import kotlin.math.ln

/**
 * The effect that several lights together would have on a photograph. Matches
 * `keras_f2a.correction.placed_light.mix_lights` in the Python package.
 *
 * @property logGain natural logarithm of the gain in linear light.
 * @property tint the light's factors on red, green and blue relative to the flash; null if it has
 *   the flash's color everywhere.
 */
internal class MixedGain(val logGain: Plane, val tint: List<Plane>?) {
    companion object {
        /**
         * Mixes the network's answers to several lights.
         *
         * @param flash the small copy.
         * @param gains the logarithm of each light's gain.
         */
        fun of(flash: RgbImage, gains: List<Plane>, mixture: LightMixture): MixedGain {
            val lights = mixture.lights
            val parts =
                gains.indices.map { light ->
                    atMean(flash, gains[light]).apply {
                        change { _, gain -> lights[light].share * exp(gain) }
                    }
                }
            val total = Plane(flash.height, flash.width)
            total.change { pixel, _ -> parts.sumOf { it.values[pixel] } }
            val logGain = Plane(flash.height, flash.width)
            logGain.change { pixel, _ -> ln(total.values[pixel]) }
            return MixedGain(logGain, tintOf(lights, parts, total))
        }

        private fun tintOf(lights: List<MixedLight>, parts: List<Plane>, total: Plane): List<Plane>? {
            if (lights.all { it.temperature == null }) return null
            val tints = lights.map { light -> light.temperature?.let { tint(it, TINT_SHARE) } }
            return List(CHANNELS) { channel ->
                val mean = Plane(total.height, total.width)
                mean.change { pixel, _ ->
                    lights.indices.sumOf {
                        (tints[it]?.get(channel) ?: 1.0) * (parts[it].values[pixel] / total.values[pixel])
                    }
                }
                mean.smoothed()
            }
        }
    }
}

/** Returns the gain, as a logarithm, normalized to keep the photograph's mean light. */
internal fun atMean(flash: RgbImage, logGain: Plane): Plane {
    var before = 0.0
    var after = 0.0
    for (pixel in logGain.values.indices) {
        val light = (0 until CHANNELS).sumOf { decodeSrgb(flash.values[pixel * CHANNELS + it].toDouble()) }
        before += light
        after += light * exp(logGain.values[pixel])
    }
    val numbers = flash.values.size.toDouble()
    val change = ln(maxOf(after / numbers, LEAST_LIGHT) / maxOf(before / numbers, LEAST_LIGHT))
    val result = Plane(logGain.height, logGain.width)
    result.change { pixel, _ -> logGain.values[pixel] - change }
    return result
}

/**
 * Returns the photograph under a light exactly as the network predicts it, without the rules.
 *
 * @param amount multiplier for the light, at least 1.
 */
internal fun relightByNetwork(flash: RgbImage, logGain: Plane, amount: Double = 1.0): RelitImage {
    val scaled = Plane(flash.height, flash.width)
    scaled.change { pixel, _ -> amount * logGain.values[pixel] }
    val factor = atMean(flash, scaled).apply { change { _, gain -> exp(gain) } }
    val image = RgbImage(flash.height, flash.width)
    for (index in image.values.indices) {
        val light = decodeSrgb(flash.values[index].toDouble()) * factor.values[index / CHANNELS]
        image.values[index] = encodeSrgb(minOf(light, 1.0)).toFloat()
    }
    return RelitImage(image, factor)
}

/** Tints the light that was added to the image. Light from the flash keeps its color. */
internal fun RelitImage.tinted(tint: List<Plane>): RgbImage {
    val result = RgbImage(image.height, image.width)
    for (index in result.values.indices) {
        val pixel = index / CHANNELS
        val added = maxOf(factor.values[pixel] - 1, 0.0)
        val share = (1 + added * tint[index % CHANNELS].values[pixel]) / (1 + added)
        val light = decodeSrgb(image.values[index].toDouble()) * share
        result.values[index] = encodeSrgb(minOf(light, 1.0)).toFloat()
    }
    return result
}

private const val TINT_SHARE = 0.7
private const val LEAST_LIGHT = 1e-6
