package org.kerasf2a.demo.photo

import android.graphics.Bitmap
import android.graphics.ColorSpace
import android.os.Build
import org.kerasf2a.core.ArrayPhoto
import org.kerasf2a.core.Correction
import org.kerasf2a.core.Orientation
import org.kerasf2a.core.PhotoBuffer
import org.kerasf2a.core.Tone

/**
 * A photograph at about the size of the screen, upright, before and after. It is small enough to be
 * corrected again while the user moves a slider.
 *
 * @param stored the result of [PhotoDecoder.decodePreview].
 * @param photo its file.
 */
class Preview(stored: Bitmap, private val photo: StoredPhoto) {
    private val pixels: ArrayPhoto = stored.inOwnColors { upright(BitmapPhoto(stored), photo.orientation) }
    private val colors: ColorSpace? =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) stored.colorSpace else null

    /** The uncorrected photograph. */
    val before: Bitmap = bitmapOf(pixels)

    // One is on the screen while the other is being written.
    private var shown: Bitmap? = null
    private var spare: Bitmap? = null

    /** Corrects it as [Correction.apply] does. The result of the previous call stays valid. */
    fun correct(correction: Correction, strength: Float, tone: Tone): Bitmap {
        val target = spare ?: bitmapOf(pixels)
        target.inOwnColors { correction.apply(pixels, photo.pixelsOf(target), strength, tone) }
        spare = shown
        shown = target
        return target
    }

    private fun bitmapOf(photo: ArrayPhoto): Bitmap {
        val config = Bitmap.Config.ARGB_8888
        val bitmap = Bitmap.createBitmap(photo.width, photo.height, config)
        bitmap.setPixels(photo.pixels, 0, photo.width, 0, 0, photo.width, photo.height)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q && colors != null) {
            bitmap.setColorSpace(colors)
        }
        return bitmap
    }
}

private fun upright(stored: PhotoBuffer, orientation: Orientation): ArrayPhoto {
    val view = orientation.upright(stored)
    val copy = ArrayPhoto(view.width, view.height)
    view.read(0, 0, copy.width, copy.height, copy.pixels)
    return copy
}
