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
 * The app's own copy of the current photograph. Another app may revoke access to its file at any
 * time, and a reboot always does. The copy survives the process and can be read repeatedly. It
 * keeps the photograph's name.
 *
 * All functions access the disk, so do not call them on the main thread.
 */
class PhotoStore(context: Context) {
    private val resolver: ContentResolver = context.contentResolver

    // Lazy, because Android accesses the disk to determine the folder, and this must be a worker's
    // task.
    private val folder by lazy { File(context.noBackupFilesDir, "photograph") }
    private val incoming by lazy { File(context.noBackupFilesDir, "incoming") }

    /** The current photograph, if any. */
    val current: File?
        get() = folder.listFiles()?.firstOrNull()

    /**
     * Replaces the current photograph with a copy of another one.
     *
     * @param monitor may cancel; the old photograph then stays.
     * @throws PhotoError.Unreadable if the file is gone or access is denied; the old one then
     *   stays.
     * @throws CancellationException if the monitor requests it.
     */
    fun import(uri: Uri, monitor: Monitor): File {
        // Accept only content from other apps, because a path could refer to this app's own files.
        if (uri.scheme != ContentResolver.SCHEME_CONTENT) throw PhotoError.Unreadable()
        prepareIncoming()
        // A unique file, because an abandoned session may still be waiting for its photograph.
        val copy = File(incoming, "$PROCESS ${UUID.randomUUID()}")
        try {
            fetch(uri, copy, monitor)
            return replaceBy(copy, nameOf(uri), monitor)
        } finally {
            copy.delete()
        }
    }

    /** Deletes the photograph and the remains of incomplete imports. */
    fun clear() {
        for (place in listOf(folder, incoming)) place.listFiles()?.forEach { it.delete() }
    }

    private fun prepareIncoming() {
        if (incoming.isFile) incoming.delete() // From an earlier version of the app.
        incoming.mkdirs()
        // Left behind by a process that was killed.
        incoming.listFiles { file -> !file.name.startsWith(PROCESS) }?.forEach { it.delete() }
    }

    private fun fetch(uri: Uri, copy: File, monitor: Monitor) {
        try {
            open(uri).use { source -> copy.outputStream().use { transfer(source, it, monitor) } }
        } catch (cancellation: CancellationException) {
            throw cancellation
        } catch (error: IOException) {
            throw PhotoError.Unreadable(error)
        } catch (error: RuntimeException) { // Anything that another app's provider throws.
            throw PhotoError.Unreadable(error)
        }
    }

    /** Copies the bytes as they arrive, which may take minutes from cloud storage. */
    private fun transfer(source: InputStream, target: OutputStream, monitor: Monitor) {
        val buffer = ByteArray(DEFAULT_BUFFER_SIZE)
        do {
            monitor.stopIfCancelled()
            val count = source.read(buffer)
            if (count > 0) target.write(buffer, 0, count)
        } while (count >= 0)
    }

    // Locked across all sessions: an abandoned session must not replace a newer photograph.
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
            } catch (_: RuntimeException) { // A provider without names still has pixels.
                null
            }
        return fileNameOf(name)
    }

    private fun queryName(uri: Uri): String? {
        val columns = arrayOf(OpenableColumns.DISPLAY_NAME)
        return resolver.query(uri, columns, null, null, null)?.use { row ->
            if (row.moveToFirst()) row.getString(0) else null
        }
    }

    private companion object {
        val REPLACING = Any()
        val PROCESS = "${UUID.randomUUID()}"
    }
}
