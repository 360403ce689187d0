package org.kerasf2a.core

import kotlin.math.abs
import kotlin.math.cos
import kotlin.math.ln
import kotlin.math.sign
import kotlin.math.sin
import kotlin.math.sqrt

/**
 * A light at a position relative to the subject. `keras_f2a.data.described_lights` in the Python
 * package explains the numbers.
 *
 * @property azimuth degrees in [-180, 180]: 0 is the side of the camera, 90 the right of the
 *   picture.
 * @property elevation degrees in [-90, 90], positive above the subject.
 * @property size its side divided by its distance from the subject, in [0.02, 1.5].
 * @property kind the kind of light; if null, elevation and size determine it.
 */
class DescribedLight(val azimuth: Double, val elevation: Double, val size: Double, kind: Kind? = null) {
    /** The kinds of light, in the order of their inputs to a network. */
    enum class Kind(internal val distance: Double) { CEILING(1.75), WINDOW(2.2), LAMP(1.65), ROOM(3.2) }

    init {
        require(azimuth in -180.0..180.0) { "azimuth $azimuth" }
        require(elevation in -90.0..90.0) { "elevation $elevation" }
        require(size in SMALLEST..LARGEST) { "size $size" }
    }

    private val kind: Kind = kind ?: suggestedKind()

    /** How far the light is to the right: 1 at the right of the subject, -1 at its left. */
    internal val rightward: Double
        get() = sin(Math.toRadians(azimuth)) * cos(Math.toRadians(elevation))

    /** Returns the 13 numbers that describe the light to a network. */
    internal fun numbers(): FloatArray {
        val flat = cos(Math.toRadians(elevation))
        val toward = doubleArrayOf(
            rightward,
            sin(Math.toRadians(elevation)),
            -flat * cos(Math.toRadians(azimuth)),
        )
        val center = DoubleArray(3) { (if (it == 2) 1.0 else 0.0) + kind.distance * toward[it] }
        val distance = sqrt(center.sumOf { it * it })
        val numbers = center.map { it / distance } + ln(distance + 0.1) + shining(toward).asList()
        val ending = listOf(ln(size * kind.distance + 0.02), 0.0)
        val kinds = Kind.values().map { if (it == kind) 1.0 else 0.0 }
        return (numbers + ending + kinds).map { it.toFloat() }.toFloatArray()
    }

    /**
     * Returns the direction the light shines in: a ceiling light down, a window straight into the
     * room, others at the subject.
     */
    private fun shining(toward: DoubleArray): DoubleArray = when (kind) {
        Kind.CEILING -> doubleArrayOf(0.0, -1.0, 0.0)
        Kind.WINDOW -> {
            val axis = if (abs(toward[0]) >= abs(toward[2])) 0 else 2
            DoubleArray(3) { if (it == axis) -sign(toward[it]) else 0.0 }
        }
        Kind.LAMP, Kind.ROOM -> DoubleArray(3) { -toward[it] }
    }

    private fun suggestedKind(): Kind = when {
        size < LARGEST_LAMP -> Kind.LAMP
        elevation >= OVERHEAD -> Kind.CEILING
        size <= LARGEST_WINDOW -> Kind.WINDOW
        else -> Kind.ROOM
    }

    private companion object {
        const val SMALLEST = 0.02
        const val LARGEST_LAMP = 0.25
        const val LARGEST_WINDOW = 0.7
        const val LARGEST = 1.5
        const val OVERHEAD = 40.0
    }
}
