package org.kerasf2a.demo.photo

import org.kerasf2a.core.PhotoBuffer

/**
 * A photograph without colors. Writing converts pixels to gray, using the luma of ITU-R BT.601 with
 * the Python package's rounding. Otherwise brightness and warmth would tint it.
 *
 * @param stored the underlying photograph.
 */
internal class GrayPhoto(private val stored: PhotoBuffer) : PhotoBuffer by stored {
    override fun write(left: Int, top: Int, columns: Int, rows: Int, from: IntArray) {
        stored.write(left, top, columns, rows, IntArray(columns * rows) { gray(from[it]) })
    }

    private fun gray(pixel: Int): Int {
        val red = (pixel shr 16 and 0xFF) * 19595
        val luma = red + (pixel shr 8 and 0xFF) * 38470 + (pixel and 0xFF) * 7471 + HALF shr 16
        return (pixel and ALPHA) or luma * 0x010101
    }

    private companion object {
        const val HALF = 1 shl 15
        const val ALPHA = 0xFF shl 24
    }
}
