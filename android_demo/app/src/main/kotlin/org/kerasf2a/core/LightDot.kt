package org.kerasf2a.core

import kotlin.math.floor

/**
 * A dot that the user drags over a photograph to place the light. `keras_f2a.data.dragged_light` in
 * the Python package defines which light it stands for.
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

    /** The light as a text for [LightMixture.of]. */
    val light: String
        get() = "$azimuth,$elevation,$SIZE"

    /** Returns the dot moved to the right and down, but kept on the photograph. */
    fun moved(right: Float, below: Float): LightDot = inside(across + right, down + below)

    companion object {
        private const val LEFT = -90.0
        private const val RIGHT = 90.0
        private const val TOP = 60.0
        private const val BOTTOM = -30.0
        private const val SIZE = "0.2"

        /** Returns the dot at a position, or at the nearest edge. */
        fun inside(across: Float, down: Float): LightDot =
            LightDot(across.coerceIn(0f, 1f), down.coerceIn(0f, 1f))

        /** Returns the dot of a light. A light beyond the edges has its dot on the edge. */
        fun of(light: DescribedLight): LightDot = inside(
            ((light.azimuth - LEFT) / (RIGHT - LEFT)).toFloat(),
            ((light.elevation - TOP) / (BOTTOM - TOP)).toFloat(),
        )

        private fun wholeDegrees(first: Double, last: Double, position: Float): Int =
            floor(first + position.coerceIn(0f, 1f).toDouble() * (last - first) + 0.5).toInt()
    }
}
