package org.kerasf2a.core

/**
 * Maps full-size positions to small ones: x = (X + 0.5) * small / full - 0.5, limited to [0, small
 * - 1].
 */
internal class Positions(full: Int, small: Int) {
    /** The small position before each full-size one. */
    val before = IntArray(full)

    /** The weight of the next small position, in [0, 1]. */
    val share = FloatArray(full)

    init {
        for (position in 0 until full) {
            val center = (position + 0.5) * small / full - 0.5
            val limited = minOf(maxOf(center, 0.0), small - 1.0)
            before[position] = minOf(limited.toInt(), maxOf(small - 2, 0))
            share[position] = (limited - before[position]).toFloat()
        }
    }
}

/**
 * Two neighboring rows of the small coefficients, interpolated to the full width.
 *
 * @param small the coefficients.
 * @param across maps the full-size columns to the small ones.
 */
internal class WideRows(private val small: RgbImage, private val across: Positions) {
    /** The coefficients of the current small row, full width * 3 values. */
    val upper = FloatArray(across.share.size * CHANNELS)

    /** The row below minus [upper]. */
    val step = FloatArray(upper.size)
    private var row = -1

    /** Computes [upper] and [step] for a small row. */
    fun moveTo(newRow: Int) {
        if (newRow == row) return
        row = newRow
        widen(row, upper)
        widen(minOf(row + 1, small.height - 1), step)
        for (index in step.indices) step[index] -= upper[index]
    }

    private fun widen(row: Int, into: FloatArray) {
        val values = small.values
        for (column in across.share.indices) {
            val before = across.before[column]
            val share = across.share[column]
            val left = small.position(row, before)
            val right = small.position(row, minOf(before + 1, small.width - 1))
            for (channel in 0 until CHANNELS) {
                val first = values[left + channel]
                val change = values[right + channel] - first
                into[column * CHANNELS + channel] = first + change * share
            }
        }
    }
}
