package org.kerasf2a.core

import kotlin.math.exp
import kotlin.math.ln
import kotlin.math.pow
import kotlin.math.sqrt

/**
 * Returns the g of step 1 before smoothing.
 *
 * @param flash the small flash image.
 * @param output the network's output for it, of the same size. Only its brightness counts.
 */
internal fun logGainOf(flash: RgbImage, output: RgbImage): Plane {
    val light = luminanceOf(flash)
    val gain = luminanceOf(output)
    gain.change { index, lightOut -> ln((lightOut + 0.02) / (light.values[index] + 0.02)) }
    return gain
}

/**
 * The small image after the rules of light.
 *
 * @property image the image.
 * @property factor the factor by which each pixel was brightened: the k of step 9.
 */
internal class RelitImage(val image: RgbImage, val factor: Plane)

/** Weights each pixel by how surely it belongs to a face, in [0, 1]. */
internal fun faceWeights(faces: List<Face>, height: Int, width: Int): Plane {
    val weights = Plane(height, width)
    weights.change { index, _ ->
        faces.maxOf { face ->
            val across = (index % width + 0.5 - face.centerX) / (0.475 * face.width)
            val down = (index / width + 0.5 - face.centerY) / (0.575 * face.height)
            ((1.6 - across * across - down * down) / 0.9).coerceIn(0.0, 1.0)
        }
    }
    return weights
}

/**
 * A small flash image that can be relit under any number of lights, by the rules that viewers
 * prefer. `keras_f2a.correction.lights` in the Python package explains each step and each number.
 *
 * @param flash the small flash image.
 * @param faces the faces in the image, in its pixels.
 */
internal class RuledPhoto(private val flash: RgbImage, private val faces: List<Face>) {
    private val height = flash.height
    private val width = flash.width
    private val luminance = luminanceOf(flash)
    private val weights = if (faces.isEmpty()) null else faceWeights(faces, height, width)
    private val room = room()
    private val close = closeness()
    private val stops = exposure()

    /**
     * Relights the image, starting from the logarithm of step 1.
     *
     * @param logGain natural logarithm of the gain in linear light.
     * @param rightward where the light comes from, from -1, the left, to 1, the right.
     * @param amount the a of step 8, at least 1.
     * @param flashShare the flash's share of the photograph's light, in [0, 1].
     */
    fun relit(
        logGain: Plane,
        rightward: Double = 0.0,
        amount: Double = 1.0,
        flashShare: Double = 1.0,
    ): RelitImage {
        val limits = LightLimits.of(rightward)
        val spared = limits.spareClose * close
        val smooth = logGain.smoothed(limits.blur)
        val flashed =
            shareBetween(smooth.deviation(), NO_FLASH, CLEAR_FLASH) *
                shareBetween(flashShare, LITTLE_FLASH, MUCH_FLASH)
        val gain = light(smooth, limits)
        val share = amount * flashed * (1 - spared)
        gain.change { _, value -> value * share }
        val exposure = 2.0.pow(stops * (amount * flashed * (1 - 0.8 * spared)))
        return applyGain(gain, exposure, CONTRAST * flashed)
    }

    /** Steps 9 to 11. */
    private fun applyGain(gain: Plane, exposure: Double, contrast: Double): RelitImage {
        val relit = RgbImage(height, width)
        val factor = Plane(height, width)
        factor.change { pixel, _ -> exp(gain.values[pixel]) * exposure }
        for (pixel in gain.values.indices) {
            val ratio = ratio(brightest(pixel), factor.values[pixel], contrast)
            val calm = exp(-CALM * maxOf(gain.values[pixel], 0.0))
            relightPixel(pixel, ratio, calm, relit.values)
        }
        return RelitImage(relit, factor)
    }

    private fun relightPixel(pixel: Int, ratio: Double, calm: Double, into: FloatArray) {
        val first = pixel * CHANNELS
        val luma =
            (0 until CHANNELS).sumOf { flash.values[first + it].toDouble() * ratio * LUMA[it] }
        for (index in first until first + CHANNELS) {
            val relit = luma + (flash.values[index].toDouble() * ratio - luma) * calm
            into[index] = relit.coerceIn(0.0, 1.0).toFloat()
        }
    }

    private fun ratio(value: Double, factor: Double, contrast: Double): Double {
        val light = decodeWithTable(value)
        var curve = encodeSrgb(factor * light / sqrt(1 + (factor * factor - 1) * light * light))
        curve += (1 - value / BLACK).coerceIn(0.0, 1.0).pow(1.2) * (value - curve)
        curve += contrast * curve * (1 - curve) * (curve - 0.4)
        return curve / maxOf(value, 1e-4)
    }

    /** Steps 3 to 6. */
    private fun light(networkGain: Plane, limits: LightLimits): Plane {
        val gain = Plane(height, width)
        gain.change { index, _ ->
            limits.networkShare * networkGain.values[index] + limits.radialShare * squaredDistance(index)
        }
        val anchor = anchor(gain)
        val lift = if (weights == null) limits.lift else limits.liftWithFaces
        val darken = if (weights == null) limits.darken else limits.darkenWithFaces
        val share = 0.9 / maxOf(room.values.average(), 0.3)
        gain.change { index, value ->
            val above = value - anchor
            val changed = if (above > 0) lift * above * share * room.values[index] else darken * above
            changed.coerceIn(limits.darkest, limits.brightest)
        }
        return gain
    }

    /** Returns the gain that step 4 subtracts. */
    private fun anchor(gain: Plane): Double {
        var sum = 0.0
        var weighted = 0.0
        for (index in gain.values.indices) {
            val limited = minOf(luminance.values[index], 0.6)
            val weight =
                if (weights == null) limited + 1e-4 else weights.values[index] * limited + 1e-6
            sum += weight
            weighted += weight * gain.values[index]
        }
        return weighted / sum
    }

    /** Returns the r of step 6, which limits how much brighter each pixel may become. */
    private fun room(): Plane {
        val brightness = Plane(height, width)
        brightness.change { index, _ -> encodeSrgb(luminance.values[index]) }
        val room = brightness.smoothed()
        room.change { _, value -> (1 - value.coerceIn(0.0, 1.0)).pow(0.7) }
        return room
    }

    /** Returns the exposure of step 7, in stops. */
    private fun exposure(): Double {
        val weights = weights ?: return EXPOSURE
        val sum = weights.values.indices.sumOf { weights.values[it] * luminance.values[it] }
        val brightness = encodeSrgb(sum / (weights.values.sum() + 1e-6))
        return EXPOSURE_WITH_FACES * ((0.62 - 0.8 * brightness) / 0.25).coerceIn(0.2, 1.0)
    }

    /** Returns the c of step 8. */
    private fun closeness(): Double {
        val widest = faces.maxOfOrNull { it.width } ?: 0.0
        val share = shareBetween(widest / minOf(height, width), CLOSE_FACE, CLOSEST_FACE)
        return share * share * (3 - 2 * share)
    }

    private fun brightest(pixel: Int): Double {
        val first = pixel * CHANNELS
        val values = flash.values
        return maxOf(values[first], values[first + 1], values[first + 2]).toDouble()
    }

    private fun squaredDistance(pixel: Int): Double {
        val longSide = maxOf(height, width)
        val down = (pixel / width + 0.5 - height / 2.0) / longSide
        val across = (pixel % width + 0.5 - width / 2.0) / longSide
        return down * down + across * across
    }
}

private fun luminanceOf(image: RgbImage): Plane {
    val plane = Plane(image.height, image.width)
    plane.change { pixel, _ ->
        (0 until CHANNELS).sumOf {
            decodeWithTable(image.values[pixel * CHANNELS + it].toDouble()) * LUMINANCE[it]
        }
    }
    return plane
}

/** Returns linear light from the lookup table of the rules. */
private fun decodeWithTable(value: Double): Double {
    val position = value * STEPS
    val before = minOf(position.toInt(), STEPS - 1)
    return LIGHT[before] + (LIGHT[before + 1] - LIGHT[before]) * (position - before)
}

private const val NO_FLASH = 0.04
private const val CLEAR_FLASH = 0.16
internal const val LITTLE_FLASH = 0.12
internal const val MUCH_FLASH = 0.4
private const val EXPOSURE = 0.25
private const val EXPOSURE_WITH_FACES = 0.3
private const val CLOSE_FACE = 0.36
private const val CLOSEST_FACE = 0.52
private const val BLACK = 0.09
private const val CONTRAST = 0.3
private const val CALM = 0.25
private const val STEPS = 4096
private val LUMA = doubleArrayOf(0.299, 0.587, 0.114)
private val LIGHT = DoubleArray(STEPS + 1) { decodeSrgb(it.toDouble() / STEPS) }
