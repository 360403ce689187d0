package org.kerasf2a.core

/**
 * A small image of the network or of the fit.
 *
 * @property height number of rows.
 * @property width number of columns.
 * @property values interleaved RGB, height * width * 3 values, in [0, 1] unless noted otherwise.
 */
internal class RgbImage(
    val height: Int,
    val width: Int,
    val values: FloatArray = FloatArray(height * width * CHANNELS),
) {
    /** Returns the index of a pixel's first channel in [values]. */
    fun position(row: Int, column: Int): Int = (row * width + column) * CHANNELS

    /** Copies one pixel from another image. */
    fun copyPixel(row: Int, column: Int, from: RgbImage, fromRow: Int, fromColumn: Int) {
        val source = from.position(fromRow, fromColumn)
        System.arraycopy(from.values, source, values, position(row, column), CHANNELS)
    }
}

/** Values per pixel: red, green and blue. */
internal const val CHANNELS = 3
