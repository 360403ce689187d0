package org.kerasf2a.launch

import android.content.ContentProvider
import android.content.ContentValues
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.Bundle
import android.os.ParcelFileDescriptor
import android.provider.MediaStore.MediaColumns
import android.provider.OpenableColumns
import org.robolectric.Robolectric
import java.io.File
import java.io.FileNotFoundException
import java.io.FilterInputStream
import java.io.InputStream

/** Another app that provides photographs, like a gallery or the system's picker. */
class PhotographLender : ContentProvider() {
    /** Runs before a file is opened. */
    @Volatile var beforeOpening: () -> Unit = {}

    override fun onCreate() = true

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        refuseMainThread("a photograph is read")
        beforeOpening()
        val file = File(setting("photographs"), uri.lastPathSegment!!)
        if (!file.isFile) throw FileNotFoundException("$uri")
        return ParcelFileDescriptor.open(file, ParcelFileDescriptor.MODE_READ_ONLY)
    }

    override fun query(
        uri: Uri,
        columns: Array<String>?,
        selection: String?,
        values: Array<String>?,
        order: String?,
    ): Cursor {
        refuseMainThread("a name is asked for")
        val row = MatrixCursor(arrayOf(OpenableColumns.DISPLAY_NAME))
        row.addRow(arrayOf(uri.lastPathSegment))
        return row
    }

    override fun getType(uri: Uri) = "image/jpeg"

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun delete(uri: Uri, selection: String?, values: Array<String>?) = 0

    override fun update(uri: Uri, row: ContentValues?, where: String?, values: Array<String>?) = 0

    companion object {
        private const val AUTHORITY = "org.kerasf2a.lender"

        /** Installs the provider. */
        fun install(): PhotographLender =
            Robolectric.setupContentProvider(PhotographLender::class.java, AUTHORITY)

        /** Returns the URI of a photograph in the launcher's folder. */
        fun address(name: String): Uri = Uri.parse("content://$AUTHORITY/$name")
    }
}

/**
 * A photograph that arrives in parts, as from cloud storage.
 *
 * @param before runs before each part.
 */
class SlowLine(content: InputStream, private val before: () -> Unit) : FilterInputStream(content) {
    override fun read(into: ByteArray, offset: Int, length: Int): Int {
        before()
        return super.read(into, offset, minOf(length, PART))
    }

    private companion object {
        const val PART = 1000
    }
}

/**
 * Stores new files, like the system's gallery under the authority "media", and like its document
 * storage under another one.
 */
class FileKeeper : ContentProvider() {
    /** A created file and its metadata. */
    class Kept(val values: ContentValues, val file: File)

    /** All files by their URIs, in the order of creation. */
    val kept = LinkedHashMap<Uri, Kept>()

    /** Runs before a file is written, and may throw. */
    @Volatile var whenWriting: () -> Unit = {}

    override fun onCreate() = true

    @Synchronized
    override fun insert(uri: Uri, values: ContentValues?): Uri {
        val address = uri.buildUpon().appendPath("${kept.size + 1}").build()
        kept[address] = Kept(ContentValues(values), File.createTempFile("kept", ".jpg"))
        return address
    }

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        refuseMainThread("a file is written")
        whenWriting()
        val file = kept[uri]?.file ?: throw FileNotFoundException("$uri")
        return ParcelFileDescriptor.open(file, ParcelFileDescriptor.parseMode(mode))
    }

    override fun query(
        uri: Uri,
        columns: Array<String>?,
        selection: String?,
        values: Array<String>?,
        order: String?,
    ): Cursor {
        refuseMainThread("a name is asked for")
        val row = MatrixCursor(arrayOf(MediaColumns.DISPLAY_NAME))
        kept[uri]?.let { row.addRow(arrayOf(it.values.getAsString(MediaColumns.DISPLAY_NAME))) }
        return row
    }

    override fun update(uri: Uri, row: ContentValues?, where: String?, values: Array<String>?): Int {
        kept[uri]?.values?.putAll(row) ?: return 0
        return 1
    }

    override fun delete(uri: Uri, selection: String?, values: Array<String>?): Int =
        if (kept.remove(uri) == null) 0 else 1

    // The system deletes documents this way.
    override fun call(method: String, argument: String?, extras: Bundle?): Bundle? {
        @Suppress("DEPRECATION") // Its replacement requires Android 13.
        if (method == "android:deleteDocument") kept.remove(extras!!.getParcelable<Uri>("uri"))
        return null
    }

    override fun getType(uri: Uri) = "image/jpeg"

    companion object {
        /** Installs the provider as the gallery. */
        fun installAsGallery(): FileKeeper = Robolectric.setupContentProvider(FileKeeper::class.java, "media")
    }
}
