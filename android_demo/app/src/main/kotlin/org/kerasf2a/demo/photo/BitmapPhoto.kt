package org.kerasf2a.demo.photo

import android.graphics.Bitmap
import org.kerasf2a.core.PhotoBuffer

/** Gives the core access to a bitmap's pixels. */
class BitmapPhoto(private val bitmap: Bitmap) : PhotoBuffer {
    override val width = bitmap.width
    override val height = bitmap.height

    override fun read(left: Int, top: Int, columns: Int, rows: Int, into: IntArray) {
        bitmap.getPixels(into, 0, columns, left, top, columns, rows)
    }

    override fun write(left: Int, top: Int, columns: Int, rows: Int, from: IntArray) {
        bitmap.setPixels(from, 0, columns, left, top, columns, rows)
    }
}

/** Returns the core's access to the pixels of a bitmap decoded from this photograph's file. */
fun StoredPhoto.pixelsOf(bitmap: Bitmap): PhotoBuffer {
    val pixels = BitmapPhoto(bitmap)
    return if (isGray) GrayPhoto(pixels) else pixels
}
