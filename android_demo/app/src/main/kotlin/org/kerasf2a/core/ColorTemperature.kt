package org.kerasf2a.core

import kotlin.math.pow

/**
 * Returns the factors on red, green and blue between a flash and another light of the same
 * luminance. Matches `keras_f2a.support.color_temperature` in the Python package.
 *
 * @param temperature in kelvins, from 2000 to 12000.
 * @param share the fraction of the difference to apply.
 */
internal fun tint(temperature: Double, share: Double): DoubleArray {
    val light = blackBody(temperature)
    val flash = blackBody(FLASH)
    val factors = DoubleArray(CHANNELS) { (light[it] / flash[it]).pow(share) }
    val luminance = factors.indices.sumOf { factors[it] * LUMINANCE[it] }
    return DoubleArray(CHANNELS) { factors[it] / luminance }
}

/** Returns the linear RGB of a black body at a luminance of 1. */
private fun blackBody(temperature: Double): DoubleArray {
    val t = 1000 / temperature
    val x = if (temperature <= 4000) cubic(t, WARM_X) else cubic(t, COOL_X)
    val y =
        when {
            temperature <= 2222 -> cubic(x, WARMEST_Y)
            temperature <= 4000 -> cubic(x, WARM_Y)
            else -> cubic(x, COOL_Y)
        }
    val xyz = doubleArrayOf(x / y, 1.0, (1 - x - y) / y)
    return DoubleArray(CHANNELS) { row -> xyz.indices.sumOf { TO_LINEAR[row][it] * xyz[it] } }
}

private fun cubic(at: Double, factors: DoubleArray) =
    factors[0] * at.pow(3) + factors[1] * at.pow(2) + factors[2] * at + factors[3]

private const val FLASH = 5500.0
private val WARM_X = doubleArrayOf(-0.2661239, -0.2343589, 0.8776956, 0.179910)
private val COOL_X = doubleArrayOf(-3.0258469, 2.1070379, 0.2226347, 0.240390)
private val WARMEST_Y = doubleArrayOf(-1.1063814, -1.34811020, 2.18555832, -0.20219683)
private val WARM_Y = doubleArrayOf(-0.9549476, -1.37418593, 2.09137015, -0.16748867)
private val COOL_Y = doubleArrayOf(3.0817580, -5.87338670, 3.75112997, -0.37001483)
private val TO_LINEAR =
    arrayOf(
        doubleArrayOf(3.2406, -1.5372, -0.4986),
        doubleArrayOf(-0.9689, 1.8758, 0.0415),
        doubleArrayOf(0.0557, -0.2040, 1.0570),
    )
