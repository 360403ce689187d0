package org.kerasf2a.demo.photo

import android.graphics.Bitmap
import android.os.Build
import org.kerasf2a.core.PhotoError
import java.io.File
import java.io.IOException

/**
 * The file of a corrected photograph.
 *
 * @property leftOut contents of the photograph's own file that could not be kept.
 */
class WrittenPhoto(val file: File, val leftOut: Set<LeftOut>)

/**
 * Writes corrected photographs as JPEG files with the metadata of the originals.
 *
 * @param findFolder returns the folder for temporary files.
 */
class PhotoWriter(private val findFolder: () -> File) {
    /**
     * Writes a file, which the caller deletes.
     *
     * @param bitmap the corrected pixels, in the same stored order as [photo], so that its
     *   orientation applies to them too.
     * @throws PhotoError.Unwritable if there is no room.
     */
    fun write(bitmap: Bitmap, photo: StoredPhoto): WrittenPhoto {
        val (pixels, result) = temporaryFiles()
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

    /** Deletes what a killed process has left. */
    fun clear() = temporaryFiles().forEach { it.delete() }

    private fun temporaryFiles(): List<File> {
        val folder = findFolder()
        return listOf(File(folder, "pixels.jpg"), File(folder, "result.jpg"))
    }

    private fun compress(bitmap: Bitmap, file: File) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
            bitmap.gainmap = null // The original gain map is kept, byte for byte.
        }
        file.outputStream().use { target ->
            if (!bitmap.compress(Bitmap.CompressFormat.JPEG, QUALITY, target)) {
                throw IOException("the picture could not be compressed")
            }
        }
    }

    /** Adds the metadata to the pixels, and returns what cannot be kept. */
    private fun finish(pixels: File, bitmap: Bitmap, photo: StoredPhoto, result: File): Set<LeftOut> {
        val content = JpegFile(photo.file).read()
        val orientation = photo.orientation.exif
        val kept =
            if (content == null) {
                KeptMetadata.of(OtherFile.read(photo.file), bitmap.width, bitmap.height, orientation)
            } else {
                // Since Android 8, a bitmap has a color space; before that, it holds the file's own
                // values.
                val withProfile = Build.VERSION.SDK_INT < Build.VERSION_CODES.O
                KeptMetadata.of(content, bitmap.width, bitmap.height, orientation, withProfile)
            }
        result.outputStream().buffered().use { kept.write(pixels, it) }
        return kept.leftOut
    }

    private companion object {
        const val QUALITY = 95
    }
}
