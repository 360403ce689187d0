package org.kerasf2a.core

import kotlin.math.abs

/** Limits of a light's effect: the numbers of steps 1, 3, 5, 6 and 8 of the rules of light. */
internal class LightLimits(
    val blur: Double,
    val networkShare: Double,
    val radialShare: Double,
    val lift: Double,
    val darken: Double,
    val liftWithFaces: Double,
    val darkenWithFaces: Double,
    val darkest: Double,
    val brightest: Double,
    val spareClose: Double,
) {
    private fun toward(other: LightLimits, share: Double): LightLimits {
        fun between(number: (LightLimits) -> Double) = (1 - share) * number(this) + share * number(other)
        return LightLimits(
            blur = between { it.blur },
            networkShare = between { it.networkShare },
            radialShare = between { it.radialShare },
            lift = between { it.lift },
            darken = between { it.darken },
            liftWithFaces = between { it.liftWithFaces },
            darkenWithFaces = between { it.darkenWithFaces },
            darkest = between { it.darkest },
            brightest = between { it.brightest },
            spareClose = between { it.spareClose },
        )
    }

    companion object {
        /** For equal light from both sides. */
        private val EVENLY = LightLimits(0.036, 1.2, 2.25, 1.2, 0.25, 0.8, 0.0, -0.5, 1.1, 1.0)

        /** For light from one side, which is visible only if the other side gets darker. */
        private val FROM_A_SIDE = LightLimits(0.012, 1.8, 1.2, 1.1, 0.6, 0.8, 0.15, -0.7, 1.0, 0.5)
        private const val NO_SIDE = 0.2
        private const val CLEAR_SIDE = 0.6

        /**
         * Returns the limits of light from a side. Matches `keras_f2a.correction.light_limits` in
         * the Python package.
         *
         * @param rightward from -1, the left, to 1, the right; 0 is equal light from both sides.
         */
        fun of(rightward: Double): LightLimits =
            EVENLY.toward(FROM_A_SIDE, shareBetween(abs(rightward), NO_SIDE, CLEAR_SIDE))
    }
}

/**
 * Returns 0 at [none] and below, 1 at [whole] and above, and interpolates linearly between them.
 */
internal fun shareBetween(value: Double, none: Double, whole: Double): Double =
    ((value - none) / (whole - none)).coerceIn(0.0, 1.0)
