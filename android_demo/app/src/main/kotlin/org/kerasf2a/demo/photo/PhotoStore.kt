package org.kerasf2a.demo.photo

import android.content.ContentResolver
import android.content.Context
import android.net.Uri
import android.provider.OpenableColumns
import org.kerasf2a.core.PhotoError
import java.io.File
import java.io.IOException
import java.io.InputStream

/**
 * The app's own copy of the photograph that is worked on. What another app lends may be taken back at
 * any time, when the phone restarts at the latest; the copy outlives the process and can be read as
 * often as needed. It carries the photograph's name.
 *
 * Everything here reads or writes the disk: not for the main thread.
 */
class PhotoStore(context: Context) {
    private val resolver: ContentResolver = context.contentResolver

    // Asked for by the thread that needs them: to name the folder, Android looks at the disk.
    private val folder by lazy { File(context.noBackupFilesDir, "photograph") }
    private val incoming by lazy { File(context.noBackupFilesDir, "incoming") }

    /** The photograph that is there, if any. */
    val current: File?
        get() = folder.listFiles()?.firstOrNull()

    /**
     * Replaces the photograph by a copy of another one.
     *
     * @throws PhotoError.Unreadable if it is gone or may not be read; the old one then stays.
     */
    fun import(uri: Uri): File {
        // Only what another app offers: a path could name this app's own files.
        if (uri.scheme != ContentResolver.SCHEME_CONTENT) throw PhotoError.Unreadable()
        copyToIncoming(uri)
        clear()
        folder.mkdirs()
        val photograph = File(folder, nameOf(uri))
        if (!incoming.renameTo(photograph)) throw PhotoError.Unreadable()
        return photograph
    }

    /** Deletes the photograph. */
    fun clear() {
        folder.listFiles()?.forEach { it.delete() }
    }

    private fun copyToIncoming(uri: Uri) {
        try {
            open(uri).use { source -> incoming.outputStream().use { source.copyTo(it) } }
        } catch (error: IOException) {
            throw unreadable(error)
        } catch (error: RuntimeException) { // Whatever another app's provider throws.
            throw unreadable(error)
        }
    }

    private fun open(uri: Uri): InputStream =
        resolver.openInputStream(uri) ?: throw IOException("the provider has crashed")

    private fun unreadable(error: Exception): PhotoError {
        incoming.delete()
        return PhotoError.Unreadable(error)
    }

    private fun nameOf(uri: Uri): String {
        val name =
            try {
                queryName(uri)
            } catch (_: RuntimeException) { // A provider that knows no names still has pixels.
                null
            }
        val safe = name.orEmpty().map { if (it == '/' || it.isISOControl()) '_' else it }
        return safe.joinToString("").trim('.', ' ').takeLast(LONGEST_NAME).ifEmpty { "photo.jpg" }
    }

    private fun queryName(uri: Uri): String? {
        val columns = arrayOf(OpenableColumns.DISPLAY_NAME)
        return resolver.query(uri, columns, null, null, null)?.use { row ->
            if (row.moveToFirst()) row.getString(0) else null
        }
    }

    private companion object {
        const val LONGEST_NAME = 100
    }
}
