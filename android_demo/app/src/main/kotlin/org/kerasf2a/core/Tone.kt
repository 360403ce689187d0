package org.kerasf2a.core

import kotlin.math.floor
import kotlin.math.pow

/**
 * A change of brightness and white balance by one curve per channel. Black stays black and white
 * stays white. `keras_f2a.correction.tone` in the Python package explains each step.
 *
 * @property brightness stops by which shadows and midtones are raised, from -3 to 3.
 * @property warmth from -1, cooler, to 1, warmer: half a stop more red and less blue.
 */
class Tone(val brightness: Float = 0f, val warmth: Float = 0f) {
    /** Whether the tone changes nothing. */
    val isNeutral: Boolean
        get() = brightness == 0f && warmth == 0f

    init {
        require(brightness in -LARGEST_BRIGHTNESS..LARGEST_BRIGHTNESS) {
            "brightness $brightness is not between -$LARGEST_BRIGHTNESS and $LARGEST_BRIGHTNESS"
        }
        require(warmth in -LARGEST_WARMTH..LARGEST_WARMTH) {
            "warmth $warmth is not between -$LARGEST_WARMTH and $LARGEST_WARMTH"
        }
    }

    /**
     * Returns the curves of red, green and blue. They map corrected values from 0 to 255, in steps
     * of 1/16, to the 8-bit result. The corrected values are not rounded or limited beforehand.
     */
    internal fun curves(): Array<IntArray> {
        val balance = WARMEST.map { 2.0.pow(it * warmth) }
        val luminance = LUMINANCE.indices.sumOf { LUMINANCE[it] * balance[it] }
        return Array(CHANNELS) { channel ->
            val gain = 2.0.pow(brightness.toDouble()) * balance[channel] / luminance
            IntArray(STEPS + 1) { curve(gain, it.toDouble() / STEPS) }
        }
    }

    private fun curve(gain: Double, value: Double): Int {
        val light = decodeSrgb(value)
        val toned = encodeSrgb(gain * light / (1 + (gain - 1) * light)).toFloat()
        return floor(toned * WHITE + 0.5f).toInt()
    }

    companion object {
        const val LARGEST_BRIGHTNESS = 3f
        const val LARGEST_WARMTH = 1f

        /** Changes nothing. */
        val NEUTRAL = Tone()

        internal const val STEPS_PER_LEVEL = 16
        internal const val STEPS = 255 * STEPS_PER_LEVEL
        private const val WHITE = 255f
        private val WARMEST = doubleArrayOf(0.5, 0.0, -0.5)
    }
}
