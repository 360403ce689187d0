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
 * A photograph's file and what has to be known before it is decoded.
 *
 * @property width columns as they are stored.
 * @property height rows as they are stored.
 * @property flashFired whether the file says that the flash fired; null if it says nothing.
 * @property isGray whether the file holds gray levels and no colors.
 * @property sampleSize by which its sides are divided to fit into memory, 1 for almost all.
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
 * Decodes photographs as they are stored, not turned: turning needs memory for a second bitmap, and
 * the core turns while it reads.
 *
 * @param freeBytes how much memory a photograph may take now.
 */
class PhotoDecoder(private val freeBytes: () -> Long) {
    /**
     * Looks into a file without decoding it.
     *
     * @throws PhotoError.NotAPhoto if Android cannot decode such a file.
     * @throws PhotoError.Damaged if it breaks off.
     * @throws PhotoError.TooSmall if it is no photograph but a pictogram.
     * @throws PhotoError.TooLarge if it would not fit into memory.
     */
    fun inspect(file: File): StoredPhoto {
        val options = BitmapFactory.Options()
        options.inJustDecodeBounds = true
        BitmapFactory.decodeFile(file.path, options)
        if (options.outWidth <= 0 || options.outHeight <= 0) throw PhotoError.NotAPhoto()
        // Android decodes the part that is there and leaves the rest gray, without a word.
        val jpeg = JpegFile(file).read()
        if (jpeg?.isWhole == false) throw PhotoError.Damaged()
        val plan = MemoryBudget(freeBytes(), BYTES_PER_PIXEL).plan(options.outWidth, options.outHeight)
        val exif = exifOf(file)
        return StoredPhoto(
            file,
            options.outWidth,
            options.outHeight,
            orientationOf(exif),
            flashFired(exif),
            jpeg?.isGray ?: OtherFile.read(file).isGray,
            plan.sampleSize,
        )
    }

    /** Decodes the photograph at the size it is worked on. */
    fun decode(photo: StoredPhoto): Bitmap = decode(photo, photo.sampleSize)

    /** Decodes a small copy whose longer side has about [side] pixels, at most half as many more. */
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

    private fun exifOf(file: File): ExifInterface? = try {
        ExifInterface(file.path)
    } catch (_: IOException) {
        null
    }

    /** A file without EXIF stands as it is. */
    private fun orientationOf(exif: ExifInterface?): Orientation =
        Orientation.of(exif?.getAttributeInt(ExifInterface.TAG_ORIENTATION, 1) ?: 1)

    private fun flashFired(exif: ExifInterface?): Boolean? {
        val flash = exif?.getAttributeInt(ExifInterface.TAG_FLASH, NOT_TOLD) ?: NOT_TOLD
        return if (flash == NOT_TOLD) null else flash and FIRED != 0
    }

    private companion object {
        // The photograph is corrected in place, so it is in memory once, 4 bytes for each pixel.
        const val BYTES_PER_PIXEL = 4

        const val NOT_TOLD = -1

        /** The bit of EXIF's flash that says so. */
        const val FIRED = 1
    }
}
