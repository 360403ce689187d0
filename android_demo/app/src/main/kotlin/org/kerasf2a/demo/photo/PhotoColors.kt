package org.kerasf2a.demo.photo

import android.graphics.Bitmap
import android.graphics.ColorSpace
import android.os.Build

/**
 * Lets a piece of work see a photograph's numbers as they are stored, whatever color space they are
 * in, as the Python package does. Otherwise a wide-gamut photograph, as many phones take them, would
 * lose its strongest colors to sRGB on the way through the correction.
 *
 * Before Android 10, bitmaps cannot do this. Android 8 and 9 decode photographs to sRGB; Android 7
 * knows no color spaces and leaves every number as it is stored.
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

/** Says that a bitmap holds sRGB, without changing a number; false if its kind cannot be. */
@PublishedApi
internal fun pretendSrgb(bitmap: Bitmap): Boolean = try {
    bitmap.setColorSpace(ColorSpace.get(ColorSpace.Named.SRGB))
    true
} catch (_: IllegalArgumentException) { // A space of a wider range of numbers.
    false
}
