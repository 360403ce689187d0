package org.kerasf2a.demo.photo

import android.graphics.Bitmap
import android.graphics.ColorSpace
import android.os.Build

/**
 * Runs [work] with a photograph's pixel values as stored, regardless of their color space, as in
 * the Python package. Otherwise the correction would convert wide-gamut photographs, which many
 * phones take, to sRGB, and they would lose their most saturated colors.
 *
 * Bitmaps do not support this before Android 10. Android 8 and 9 decode photographs to sRGB.
 * Android 7 ignores color spaces and keeps the stored values.
 */
inline fun <Result> Bitmap.inOwnColors(work: () -> Result): Result {
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) return work()
    val own = colorSpace
    if (own == null || !pretendSrgb(this)) return work()
    try {
        return work()
    } finally {
        setColorSpace(own)
    }
}

/** Marks a bitmap as sRGB without changing its values; false if that is impossible. */
@PublishedApi
internal fun pretendSrgb(bitmap: Bitmap): Boolean = try {
    bitmap.setColorSpace(ColorSpace.get(ColorSpace.Named.SRGB))
    true
} catch (_: IllegalArgumentException) { // A color space with a wider range of values.
    false
}
