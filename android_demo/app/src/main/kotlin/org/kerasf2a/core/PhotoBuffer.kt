package org.kerasf2a.core

/**
 * The pixels of a photograph, wherever they are stored: sRGB packed as 0xAARRGGBB, without
 * premultiplied alpha, in rows from the top, each from the left.
 *
 * The core accesses a few rows at a time, so that no photograph is in memory twice. It calls a
 * buffer from more than one thread, but never concurrently.
 */
interface PhotoBuffer {
    /** Number of columns. */
    val width: Int

    /** Number of rows. */
    val height: Int

    /** Copies the pixels of a rectangle into the first columns * rows elements of [into]. */
    fun read(left: Int, top: Int, columns: Int, rows: Int, into: IntArray)

    /** Replaces the pixels of a rectangle with the first columns * rows elements of [from]. */
    fun write(left: Int, top: Int, columns: Int, rows: Int, from: IntArray)
}

/**
 * A photograph in an array.
 *
 * @param width number of columns.
 * @param height number of rows.
 * @param pixels width * height pixels in the format of [PhotoBuffer]; used without a copy.
 */
class ArrayPhoto(
    override val width: Int,
    override val height: Int,
    val pixels: IntArray = IntArray(width * height),
) : PhotoBuffer {
    init {
        require(pixels.size == width * height) { "${pixels.size} pixels are not $width x $height" }
    }

    override fun read(left: Int, top: Int, columns: Int, rows: Int, into: IntArray) {
        for (row in 0 until rows) {
            System.arraycopy(pixels, (top + row) * width + left, into, row * columns, columns)
        }
    }

    override fun write(left: Int, top: Int, columns: Int, rows: Int, from: IntArray) {
        for (row in 0 until rows) {
            System.arraycopy(from, row * columns, pixels, (top + row) * width + left, columns)
        }
    }
}
