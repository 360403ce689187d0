package org.kerasf2a.demo.photo

import android.content.ContentResolver
import android.content.ContentValues
import android.content.Context
import android.net.Uri
import android.os.Build
import android.os.Environment
import android.provider.DocumentsContract
import android.provider.MediaStore
import org.kerasf2a.core.Monitor
import org.kerasf2a.core.PhotoError
import org.kerasf2a.core.stopIfCancelled
import java.io.File
import java.io.IOException
import java.util.concurrent.CancellationException

/** Saves finished files where the user finds them, without a storage permission. */
class PhotoSaver(context: Context) {
    private val resolver: ContentResolver = context.contentResolver

    /** Whether the gallery accepts files without a permission, as it does since Android 10. */
    val hasGallery: Boolean
        get() = Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q

    /**
     * Adds a file to the gallery.
     *
     * @param name the requested name; the gallery appends a number if it is taken.
     * @param monitor may cancel until the file becomes visible.
     * @return the file's URI in the gallery.
     * @throws PhotoError.Unwritable if it cannot be added.
     */
    fun addToGallery(file: File, name: String, monitor: Monitor): Uri {
        val values = ContentValues()
        values.put(MediaStore.MediaColumns.DISPLAY_NAME, name)
        values.put(MediaStore.MediaColumns.MIME_TYPE, JPEG)
        values.put(MediaStore.MediaColumns.RELATIVE_PATH, Environment.DIRECTORY_PICTURES)
        values.put(MediaStore.MediaColumns.IS_PENDING, 1) // Hides it until it is complete.
        val images = MediaStore.Images.Media.getContentUri(MediaStore.VOLUME_EXTERNAL_PRIMARY)
        val uri = insert(images, values)
        write(file, uri, { resolver.delete(uri, null, null) }) {
            monitor.stopIfCancelled()
            values.clear()
            values.put(MediaStore.MediaColumns.IS_PENDING, 0)
            resolver.update(uri, values, null, null)
        }
        return uri
    }

    /**
     * Writes a file into a document that the user has chosen. On failure, the document is deleted.
     *
     * @param monitor may cancel until the end.
     * @throws PhotoError.Unwritable if it cannot be written.
     */
    fun writeDocument(file: File, document: Uri, monitor: Monitor) =
        write(file, document, { delete(document) }) { monitor.stopIfCancelled() }

    /** Deletes a document that the user chose in vain, unless it already had content. */
    fun giveUp(document: Uri) = tryTo {
        val size = resolver.openFileDescriptor(document, "r")?.use { it.statSize }
        if (size == 0L) delete(document)
    }

    /** Returns the name that a file received; [fallback] if it is unknown. */
    fun nameOf(uri: Uri, fallback: String): String = try {
        val columns = arrayOf(MediaStore.MediaColumns.DISPLAY_NAME)
        resolver.query(uri, columns, null, null, null)?.use { row ->
            if (row.moveToFirst()) row.getString(0) else null
        }
    } catch (_: RuntimeException) {
        null
    } ?: fallback

    private fun delete(document: Uri) {
        DocumentsContract.deleteDocument(resolver, document)
    }

    private fun insert(images: Uri, values: ContentValues): Uri = try {
        resolver.insert(images, values)
    } catch (error: RuntimeException) { // Storage is missing or full.
        throw PhotoError.Unwritable(error)
    } ?: throw PhotoError.Unwritable()

    /** Copies and finishes. On any failure, nothing is left at the destination. */
    private fun write(file: File, target: Uri, undo: () -> Unit, finish: () -> Unit) {
        var isComplete = false
        try {
            copy(file, target)
            finish()
            isComplete = true
        } catch (cancellation: CancellationException) {
            throw cancellation
        } catch (error: IOException) {
            throw PhotoError.Unwritable(error)
        } catch (error: RuntimeException) { // Anything that the gallery or another app throws.
            throw PhotoError.Unwritable(error)
        } finally {
            if (!isComplete) tryTo(undo)
        }
    }

    private fun copy(file: File, target: Uri) {
        // "wt" truncates any earlier content of the document.
        val stream = resolver.openOutputStream(target, "wt") ?: throw IOException("nothing to write to")
        stream.use { output -> file.inputStream().use { it.copyTo(output) } }
    }

    private fun tryTo(undo: () -> Unit) {
        try {
            undo()
        } catch (_: IOException) { // Report the original error instead.
        } catch (_: RuntimeException) {
        }
    }

    companion object {
        /** The type of every file that the app writes. */
        const val JPEG = "image/jpeg"

        /** Returns the name of the result for a photograph of this name. */
        fun resultName(photograph: String): String = "${photograph.substringBeforeLast('.')}_ambient.jpg"
    }
}
