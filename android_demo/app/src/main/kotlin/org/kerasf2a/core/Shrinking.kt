package org.kerasf2a.core

/**
 * Returns a smaller copy of a photograph, in [0, 1].
 *
 * A small pixel is the mean of the full-size pixels whose centers lie inside it. The mean is
 * rounded to 8 bits once across and once down. The result matches Pillow's BOX filter, which the
 * Python package uses, bit for bit.
 *
 * @param photo the photograph, which is read one strip at a time.
 * @param height rows of the copy, at most the photograph's.
 * @param width columns of the copy, at most the photograph's.
 * @param monitor receives the progress.
 */
internal fun shrink(photo: PhotoBuffer, height: Int, width: Int, monitor: Monitor): RgbImage {
    val across = Bins(photo.width, width)
    val down = Bins(photo.height, height)
    val small = RgbImage(height, width)
    val strip = IntArray(photo.width * minOf(STRIP_ROWS, photo.height))
    val narrowed = IntArray(width * CHANNELS)
    val sums = IntArray(width * CHANNELS)
    val counter = StepCounter(monitor, height)
    for (row in 0 until height) {
        sums.fill(0)
        var top = down.first[row]
        while (top < down.end[row]) {
            val rows = minOf(STRIP_ROWS, down.end[row] - top)
            monitor.stopIfCancelled()
            photo.read(0, top, photo.width, rows, strip)
            for (stripRow in 0 until rows) {
                across.narrow(strip, stripRow * photo.width, narrowed)
                for (index in sums.indices) sums[index] += narrowed[index]
            }
            top += rows
        }
        val start = small.position(row, 0)
        for (index in sums.indices) {
            small.values[start + index] = mean(sums[index], down.weight[row]) / WHITE
        }
        counter.advance(1)
    }
    return small
}

/** The ranges of [full] positions that make up each of [small] positions. */
private class Bins(full: Int, private val small: Int) {
    /** The first position of each range. */
    val first = IntArray(small)

    /** The position after the end of each range. */
    val end = IntArray(small)

    /** One over the length of each range, in units of 2^-[WEIGHT_BITS]. */
    val weight = IntArray(small)

    init {
        val scale = full.toDouble() / small
        for (index in 0 until small) {
            val center = (index + 0.5) * scale
            var from = maxOf((center - 0.5 * scale + 0.5).toInt(), 0)
            var to = minOf((center + 0.5 * scale + 0.5).toInt(), full)
            // A position exactly between two bins belongs to the earlier one.
            if ((from - center + 0.5) / scale <= -0.5) from++
            if ((to - 1 - center + 0.5) / scale > 0.5) to--
            first[index] = from
            end[index] = to
            weight[index] = (0.5 + (1 shl WEIGHT_BITS).toDouble() / (to - from)).toInt()
        }
    }

    /**
     * Averages one row of packed pixels into the bins. [into] receives interleaved RGB, 0 to 255.
     */
    fun narrow(pixels: IntArray, start: Int, into: IntArray) {
        for (index in 0 until small) {
            var red = 0
            var green = 0
            var blue = 0
            for (position in start + first[index] until start + end[index]) {
                val pixel = pixels[position]
                red += pixel shr 16 and 0xFF
                green += pixel shr 8 and 0xFF
                blue += pixel and 0xFF
            }
            into[index * CHANNELS] = mean(red, weight[index])
            into[index * CHANNELS + 1] = mean(green, weight[index])
            into[index * CHANNELS + 2] = mean(blue, weight[index])
        }
    }
}

// Pillow's own fixed-point arithmetic, because any other would round some halves differently.
private fun mean(sum: Int, weight: Int) =
    minOf((sum * weight + (1 shl (WEIGHT_BITS - 1))) shr WEIGHT_BITS, 255)

private const val WEIGHT_BITS = 22
private const val STRIP_ROWS = 16
private const val WHITE = 255f
