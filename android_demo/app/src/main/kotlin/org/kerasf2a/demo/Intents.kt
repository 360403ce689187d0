package org.kerasf2a.demo

import android.content.ClipData
import android.content.Intent
import android.net.Uri
import android.os.Build
import org.kerasf2a.demo.photo.PhotoSaver

/**
 * Asks for a photograph: with the system's picker of documents, which shows the app nothing but the
 * choice. The picker of photographs, since Android 13, hands out copies without the place in EXIF.
 */
fun pickPhotograph(): Intent = Intent(Intent.ACTION_OPEN_DOCUMENT)
    .addCategory(Intent.CATEGORY_OPENABLE)
    .setType("image/*")

/** Asks for a place for a new file, where the gallery takes none without a permission. */
fun createJpeg(name: String): Intent = Intent(Intent.ACTION_CREATE_DOCUMENT)
    .addCategory(Intent.CATEGORY_OPENABLE)
    .setType(PhotoSaver.JPEG)
    .putExtra(Intent.EXTRA_TITLE, name)

/** Hands a saved photograph to an app of the user's choice. */
fun shareJpeg(uri: Uri, title: String): Intent {
    val send = Intent(Intent.ACTION_SEND).setType(PhotoSaver.JPEG).putExtra(Intent.EXTRA_STREAM, uri)
    // The right to read goes with the clip, and from there to the preview in the list of apps.
    send.clipData = ClipData.newRawUri(null, uri)
    send.addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
    return Intent.createChooser(send, title)
}

/** The photograph that another app shares; null if the intent brings none. */
fun sharedPhotograph(intent: Intent): Uri? {
    if (intent.action != Intent.ACTION_SEND) return null
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
        return intent.getParcelableExtra(Intent.EXTRA_STREAM, Uri::class.java)
    }
    @Suppress("DEPRECATION") // The only way before Android 13.
    return intent.getParcelableExtra(Intent.EXTRA_STREAM)
}
