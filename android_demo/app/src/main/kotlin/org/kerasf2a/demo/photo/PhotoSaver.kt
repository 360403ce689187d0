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

/** Puts finished files where the user finds them, without a permission for anybody's storage. */
class PhotoSaver(context: Context) {
    private val resolver: ContentResolver = context.contentResolver

    /** Whether the gallery takes files of an app that asks for nothing: since Android 10. */
    val hasGallery: Boolean
        get() = Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q

    /**
     * Adds a file to the gallery.
     *
     * @param name which it shall have; the gallery numbers it if that one is taken.
     * @param monitor may stop it as long as nobody sees the file.
     * @return under which the gallery has it.
     * @throws PhotoError.Unwritable if it cannot.
     */
    fun addToGallery(file: File, name: String, monitor: Monitor): Uri {
        val values = ContentValues()
        values.put(MediaStore.MediaColumns.DISPLAY_NAME, name)
        values.put(MediaStore.MediaColumns.MIME_TYPE, JPEG)
        values.put(MediaStore.MediaColumns.RELATIVE_PATH, Environment.DIRECTORY_PICTURES)
        values.put(MediaStore.MediaColumns.IS_PENDING, 1) // Nobody sees it half written.
        val images = MediaStore.Images.Media.getContentUri(MediaStore.VOLUME_EXTERNAL_PRIMARY)
        val uri = inserted(images, values)
        write(file, uri, { resolver.delete(uri, null, null) }) {
            monitor.stopIfCancelled()
            values.clear()
            values.put(MediaStore.MediaColumns.IS_PENDING, 0)
            resolver.update(uri, values, null, null)
        }
        return uri
    }

    /**
     * Writes a file into a document that the user has chosen, which is deleted if that fails.
     *
     * @param monitor may stop it until the end.
     * @throws PhotoError.Unwritable if it cannot.
     */
    fun writeDocument(file: File, document: Uri, monitor: Monitor) =
        write(file, document, { delete(document) }) { monitor.stopIfCancelled() }

    /** Deletes a document that the user has chosen for nothing, unless it held something before. */
    fun giveUp(document: Uri) = tryTo {
        val size = resolver.openFileDescriptor(document, "r")?.use { it.statSize }
        if (size == 0L) delete(document)
    }

    /** The name that a file got; [fallback] if nobody knows. */
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

    private fun inserted(images: Uri, values: ContentValues): Uri = try {
        resolver.insert(images, values)
    } catch (error: RuntimeException) { // No storage is there, or it is full.
        throw PhotoError.Unwritable(error)
    } ?: throw PhotoError.Unwritable()

    /** Copies and finishes; if anything of that goes wrong, nothing is left where it went. */
    private fun write(file: File, target: Uri, undo: () -> Unit, finish: () -> Unit) {
        var isWhole = false
        try {
            copy(file, target)
            finish()
            isWhole = true
        } catch (stopped: CancellationException) {
            throw stopped
        } catch (error: IOException) {
            throw PhotoError.Unwritable(error)
        } catch (error: RuntimeException) { // Whatever gallery or another app throws.
            throw PhotoError.Unwritable(error)
        } finally {
            if (!isWhole) tryTo(undo)
        }
    }

    private fun copy(file: File, target: Uri) {
        // "wt" cuts off what the document may have held before.
        val stream = resolver.openOutputStream(target, "wt") ?: throw IOException("nothing to write to")
        stream.use { output -> file.inputStream().use { it.copyTo(output) } }
    }

    private fun tryTo(undo: () -> Unit) {
        try {
            undo()
        } catch (_: IOException) { // What went wrong first is what the user is told.
        } catch (_: RuntimeException) {
        }
    }

    companion object {
        /** The type of every file that the app writes. */
        const val JPEG = "image/jpeg"

        /** The name of the result for a photograph of this name. */
        fun resultName(photograph: String): String = "${photograph.substringBeforeLast('.')}_ambient.jpg"
    }
}
