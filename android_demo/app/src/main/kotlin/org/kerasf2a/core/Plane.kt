package org.kerasf2a.core

/**
 * One number for every pixel of a small image, in double precision.
 *
 * @property height number of rows.
 * @property width number of columns.
 * @property values row by row, height * width of them.
 */
internal class Plane(
    val height: Int,
    val width: Int,
    val values: DoubleArray = DoubleArray(height * width),
) {
    /** Changes each number in place. */
    inline fun change(change: (Int, Double) -> Double) {
        for (index in values.indices) values[index] = change(index, values[index])
    }

    /** The standard deviation. */
    fun deviation(): Double {
        val mean = values.average()
        return Math.sqrt(values.sumOf { (it - mean) * (it - mean) } / values.size)
    }

    /** Applies the B of the rules of light: smooths over [blur] of the long side. */
    fun smoothed(blur: Double = BLUR): Plane = smoothed(maxOf((blur * maxOf(height, width) + 0.5).toInt(), 1))

    /**
     * Returns the box mean over 2 * [reach] + 1 pixels, applied three times down and three times
     * across. Edge pixels are repeated outside the image.
     */
    fun smoothed(reach: Int): Plane {
        val result = values.copyOf()
        for (column in 0 until width) Line(result, column, width, height).smooth(reach)
        for (row in 0 until height) Line(result, row * width, 1, width).smooth(reach)
        return Plane(height, width, result)
    }
}

/** A column or row of a plane: [count] numbers, starting at [start], [step] apart. */
private class Line(
    private val values: DoubleArray,
    private val start: Int,
    private val step: Int,
    private val count: Int,
) {
    fun smooth(reach: Int) {
        val window = 2 * reach + 1
        val sums = DoubleArray(count + window)
        repeat(PASSES) {
            var sum = 0.0
            for (position in sums.indices) {
                val inside = (position - reach - 1).coerceIn(0, count - 1)
                sum += values[start + inside * step]
                sums[position] = sum
            }
            for (position in 0 until count) {
                val mean = (sums[position + window] - sums[position]) / window
                values[start + position * step] = mean
            }
        }
    }
}

private const val BLUR = 0.036
private const val PASSES = 3
