package org.kerasf2a.demo.photo

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.ColorSpace
import android.media.ExifInterface
import android.os.Build
import org.kerasf2a.core.Orientation
import org.kerasf2a.core.PhotoError
import java.io.File
import java.io.IOException

/**
 * A photograph's file, and the facts needed to decode it.
 *
 * @property width columns as stored.
 * @property height rows as stored.
 * @property flashFired whether the file says that the flash fired; null if it does not say.
 * @property isGray whether the file holds gray levels instead of colors.
 * @property sampleSize the divisor of its sides to fit into memory, usually 1.
 */
class StoredPhoto(
    val file: File,
    val width: Int,
    val height: Int,
    val orientation: Orientation,
    val flashFired: Boolean?,
    val isGray: Boolean,
    val sampleSize: Int,
)

/**
 * Decodes photographs as stored, without rotation. Rotating a bitmap would need memory for a second
 * one, and the core rotates on the fly.
 *
 * @param freeBytes returns how much memory a photograph may take now.
 */
class PhotoDecoder(private val freeBytes: () -> Long) {
    /**
     * Inspects a file without decoding it.
     *
     * @throws PhotoError.NotAPhoto if Android cannot decode the format.
     * @throws PhotoError.Damaged if it is truncated.
     * @throws PhotoError.TooSmall if it is an icon rather than a photograph.
     * @throws PhotoError.TooLarge if it would not fit into memory.
     */
    fun inspect(file: File): StoredPhoto {
        val options = BitmapFactory.Options()
        options.inJustDecodeBounds = true
        BitmapFactory.decodeFile(file.path, options)
        if (options.outWidth <= 0 || options.outHeight <= 0) throw PhotoError.NotAPhoto()
        // Android silently decodes a truncated file and leaves the rest gray.
        val jpeg = JpegFile(file).read()
        val other = if (jpeg == null) OtherFile.read(file) else OtherFile()
        if (jpeg?.isComplete == false || !other.isComplete) throw PhotoError.Damaged()
        val plan = MemoryBudget(freeBytes(), BYTES_PER_PIXEL).plan(options.outWidth, options.outHeight)
        val block = jpeg?.exif ?: other.exif
        val isReadHere = jpeg != null || other.usesExifOrientation
        val system = if (isReadHere) null else systemExif(file)
        return StoredPhoto(
            file,
            options.outWidth,
            options.outHeight,
            Orientation.of(system?.getAttributeInt(ExifInterface.TAG_ORIENTATION, 1) ?: orientationOf(block)),
            flashFired(block),
            jpeg?.isGray ?: other.isGray,
            plan.sampleSize,
        )
    }

    /** Decodes the photograph at the size for its correction. */
    fun decode(photo: StoredPhoto): Bitmap = decode(photo, photo.sampleSize)

    /**
     * Decodes a small copy whose longer side has about [side] pixels, and at most half as many
     * more.
     */
    fun decodePreview(photo: StoredPhoto, side: Int): Bitmap {
        var sampleSize = photo.sampleSize
        while (maxOf(photo.width, photo.height) / sampleSize > side * 3 / 2) sampleSize *= 2
        return decode(photo, sampleSize)
    }

    private fun decode(photo: StoredPhoto, sampleSize: Int): Bitmap {
        val options = BitmapFactory.Options()
        options.inSampleSize = sampleSize
        options.inMutable = true
        options.inPreferredConfig = Bitmap.Config.ARGB_8888
        if (Build.VERSION.SDK_INT in Build.VERSION_CODES.O..Build.VERSION_CODES.P) {
            options.inPreferredColorSpace = ColorSpace.get(ColorSpace.Named.SRGB)
        }
        try {
            return BitmapFactory.decodeFile(photo.file.path, options) ?: throw PhotoError.Damaged()
        } catch (error: OutOfMemoryError) {
            throw PhotoError.OutOfMemory(error)
        }
    }

    /**
     * Returns what Android reads from a HEIC file, whose orientation is not only in EXIF. Of PNG and
     * WebP files, it reads nothing before Android 11.
     */
    private fun systemExif(file: File): ExifInterface? = try {
        ExifInterface(file.path)
    } catch (_: IOException) {
        null
    }

    private companion object {
        // The photograph is corrected in place, so it is in memory once, with 4 bytes per pixel.
        const val BYTES_PER_PIXEL = 4
    }
}
