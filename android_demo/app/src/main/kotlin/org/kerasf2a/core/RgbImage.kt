package org.kerasf2a.core

/**
 * A small image, the network's or a step of the fit.
 *
 * @property height number of rows.
 * @property width number of columns.
 * @property values RGB, interleaved, height * width * 3 of them, in [0, 1] unless said otherwise.
 */
internal class RgbImage(
    val height: Int,
    val width: Int,
    val values: FloatArray = FloatArray(height * width * CHANNELS),
) {
    /** Position of the first channel of a pixel in [values]. */
    fun position(row: Int, column: Int): Int = (row * width + column) * CHANNELS

    /** Copies one pixel of another image. */
    fun copyPixel(row: Int, column: Int, from: RgbImage, fromRow: Int, fromColumn: Int) {
        val source = from.position(fromRow, fromColumn)
        System.arraycopy(from.values, source, values, position(row, column), CHANNELS)
    }
}

/** Values of a pixel: red, green and blue. */
internal const val CHANNELS = 3
