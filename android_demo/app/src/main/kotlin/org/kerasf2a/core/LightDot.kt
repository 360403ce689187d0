package org.kerasf2a.core

import kotlin.math.floor

/**
 * A dot that somebody drags over a photograph, and the light that it stands for:
 * `keras_f2a.data.dragged_light` in the Python package says which.
 *
 * @property across from 0, the photograph's left edge, to 1.
 * @property down from 0, its top edge, to 1.
 */
data class LightDot(val across: Float, val down: Float) {
    /** Degrees to the right of the camera. */
    val azimuth: Int
        get() = wholeDegrees(LEFT, RIGHT, across)

    /** Degrees above the subject. */
    val elevation: Int
        get() = wholeDegrees(TOP, BOTTOM, down)

    /** The light's text, as [LightMixture.of] takes it. */
    val light: String
        get() = "$azimuth,$elevation,$SIZE"

    /** The dot that lies so much further to the right and further down, but on the photograph. */
    fun moved(right: Float, below: Float): LightDot = inside(across + right, down + below)

    companion object {
        private const val LEFT = -90.0
        private const val RIGHT = 90.0
        private const val TOP = 60.0
        private const val BOTTOM = -30.0
        private const val SIZE = "0.2"

        /** The dot at a place, or on the edge that is nearest to it. */
        fun inside(across: Float, down: Float): LightDot =
            LightDot(across.coerceIn(0f, 1f), down.coerceIn(0f, 1f))

        /** Where the dot of a light is; on the edge if the light is beyond it. */
        fun of(light: DescribedLight): LightDot = inside(
            ((light.azimuth - LEFT) / (RIGHT - LEFT)).toFloat(),
            ((light.elevation - TOP) / (BOTTOM - TOP)).toFloat(),
        )

        private fun wholeDegrees(first: Double, last: Double, position: Float): Int =
            floor(first + position.coerceIn(0f, 1f).toDouble() * (last - first) + 0.5).toInt()
    }
}
