package org.kerasf2a.demo.photo

import android.content.ContentResolver
import android.content.Context
import android.net.Uri
import android.provider.OpenableColumns
import org.kerasf2a.core.Monitor
import org.kerasf2a.core.PhotoError
import org.kerasf2a.core.stopIfCancelled
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.util.UUID
import java.util.concurrent.CancellationException

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
     * @param monitor may stop it; the old one then stays.
     * @throws PhotoError.Unreadable if it is gone or may not be read; the old one then stays.
     * @throws CancellationException if the monitor asks to stop.
     */
    fun import(uri: Uri, monitor: Monitor): File {
        // Only what another app offers: a path could name this app's own files.
        if (uri.scheme != ContentResolver.SCHEME_CONTENT) throw PhotoError.Unreadable()
        prepareIncoming()
        // A file of its own: a session that was left may still be waiting for its photograph.
        val copy = File(incoming, "$PROCESS ${UUID.randomUUID()}")
        try {
            fetch(uri, copy, monitor)
            return replaceBy(copy, nameOf(uri), monitor)
        } finally {
            copy.delete()
        }
    }

    /** Deletes the photograph, and what is left of those that never arrived. */
    fun clear() {
        for (place in listOf(folder, incoming)) place.listFiles()?.forEach { it.delete() }
    }

    private fun prepareIncoming() {
        if (incoming.isFile) incoming.delete() // An earlier version's.
        incoming.mkdirs()
        // What a process that was killed had begun.
        incoming.listFiles { file -> !file.name.startsWith(PROCESS) }?.forEach { it.delete() }
    }

    private fun fetch(uri: Uri, copy: File, monitor: Monitor) {
        try {
            open(uri).use { source -> copy.outputStream().use { transfer(source, it, monitor) } }
        } catch (stopped: CancellationException) {
            throw stopped
        } catch (error: IOException) {
            throw PhotoError.Unreadable(error)
        } catch (error: RuntimeException) { // Whatever another app's provider throws.
            throw PhotoError.Unreadable(error)
        }
    }

    /** Copies as the bytes arrive; from a cloud they may take minutes. */
    private fun transfer(source: InputStream, target: OutputStream, monitor: Monitor) {
        val buffer = ByteArray(DEFAULT_BUFFER_SIZE)
        do {
            monitor.stopIfCancelled()
            val count = source.read(buffer)
            if (count > 0) target.write(buffer, 0, count)
        } while (count >= 0)
    }

    // Of all sessions one at a time: one that was left meanwhile must not replace what came after.
    private fun replaceBy(copy: File, name: String, monitor: Monitor): File = synchronized(REPLACING) {
        monitor.stopIfCancelled()
        folder.listFiles()?.forEach { it.delete() }
        folder.mkdirs()
        val photograph = File(folder, name)
        if (!copy.renameTo(photograph)) throw PhotoError.Unreadable()
        photograph
    }

    private fun open(uri: Uri): InputStream =
        resolver.openInputStream(uri) ?: throw IOException("the provider has crashed")

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
        val REPLACING = Any()
        val PROCESS = "${UUID.randomUUID()}"
    }
}
