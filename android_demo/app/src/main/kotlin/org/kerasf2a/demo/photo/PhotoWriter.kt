package org.kerasf2a.demo.photo

import android.graphics.Bitmap
import android.media.ExifInterface
import android.os.Build
import org.kerasf2a.core.PhotoError
import java.io.File
import java.io.IOException

/**
 * A corrected photograph's file.
 *
 * @property leftOut what the photograph's own file holds that could not be kept.
 */
class WrittenPhoto(val file: File, val leftOut: Set<LeftOut>)

/**
 * Writes corrected photographs as JPEG files with the metadata of the photographs they come from.
 *
 * @param findFolder says which folder is for files that are on their way; asked when one is written.
 */
class PhotoWriter(private val findFolder: () -> File) {
    /**
     * Writes a file; the caller deletes it.
     *
     * @param bitmap the corrected pixels, in the order in which [photo] stores them, so that its
     *   orientation holds for them too.
     * @throws PhotoError.Unwritable if there is no room.
     */
    fun write(bitmap: Bitmap, photo: StoredPhoto): WrittenPhoto {
        val folder = findFolder()
        val pixels = File(folder, "pixels.jpg")
        val result = File(folder, "result.jpg")
        try {
            compress(bitmap, pixels)
            return WrittenPhoto(result, finish(pixels, bitmap, photo, result))
        } catch (error: IOException) {
            result.delete()
            throw PhotoError.Unwritable(error)
        } finally {
            pixels.delete()
        }
    }

    private fun compress(bitmap: Bitmap, file: File) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
            bitmap.gainmap = null // The file's own is kept, byte for byte.
        }
        file.outputStream().use { target ->
            if (!bitmap.compress(Bitmap.CompressFormat.JPEG, QUALITY, target)) {
                throw IOException("the picture could not be compressed")
            }
        }
    }

    /** Adds the metadata to the pixels; returns what cannot be kept. */
    private fun finish(pixels: File, bitmap: Bitmap, photo: StoredPhoto, result: File): Set<LeftOut> {
        val content = JpegFile(photo.file).read()
        if (content == null) {
            pixels.copyTo(result, overwrite = true)
            writeOrientation(result, photo)
            return emptySet()
        }
        val orientation = photo.orientation.exif
        val kept = KeptMetadata.of(content, bitmap.width, bitmap.height, orientation)
        result.outputStream().buffered().use { kept.write(pixels, it) }
        return kept.leftOut
    }

    // HEIC, WebP and PNG files keep no block that a JPEG file could take over as it is.
    private fun writeOrientation(file: File, photo: StoredPhoto) {
        val source = ExifInterface(photo.file.path)
        val target = ExifInterface(file.path)
        for (tag in TAGS_OF_OTHER_FORMATS) {
            source.getAttribute(tag)?.let { target.setAttribute(tag, it) }
        }
        target.setAttribute(ExifInterface.TAG_ORIENTATION, photo.orientation.exif.toString())
        target.saveAttributes()
    }

    private companion object {
        const val QUALITY = 95
        val TAGS_OF_OTHER_FORMATS =
            listOf(
                ExifInterface.TAG_MAKE,
                ExifInterface.TAG_MODEL,
                ExifInterface.TAG_DATETIME,
                ExifInterface.TAG_DATETIME_ORIGINAL,
                ExifInterface.TAG_DATETIME_DIGITIZED,
                ExifInterface.TAG_SUBSEC_TIME_ORIGINAL,
                ExifInterface.TAG_EXPOSURE_TIME,
                ExifInterface.TAG_F_NUMBER,
                ExifInterface.TAG_FOCAL_LENGTH,
                ExifInterface.TAG_FLASH,
                ExifInterface.TAG_WHITE_BALANCE,
                ExifInterface.TAG_ARTIST,
                ExifInterface.TAG_COPYRIGHT,
                ExifInterface.TAG_GPS_LATITUDE,
                ExifInterface.TAG_GPS_LATITUDE_REF,
                ExifInterface.TAG_GPS_LONGITUDE,
                ExifInterface.TAG_GPS_LONGITUDE_REF,
                ExifInterface.TAG_GPS_ALTITUDE,
                ExifInterface.TAG_GPS_ALTITUDE_REF,
            )
    }
}
