package org.kerasf2a.demo

import android.content.ClipData
import android.content.Intent
import android.net.Uri
import android.os.Build
import org.kerasf2a.demo.photo.PhotoSaver

/**
 * Requests a photograph from the system's document picker, which gives the app access to that file
 * only. The photo picker, available since Android 13, strips the location from EXIF.
 */
fun pickPhotograph(): Intent = Intent(Intent.ACTION_OPEN_DOCUMENT)
    .addCategory(Intent.CATEGORY_OPENABLE)
    .setType("image/*")

/** Requests a location for a new file, where the gallery would need a permission. */
fun createJpeg(name: String): Intent = Intent(Intent.ACTION_CREATE_DOCUMENT)
    .addCategory(Intent.CATEGORY_OPENABLE)
    .setType(PhotoSaver.JPEG)
    .putExtra(Intent.EXTRA_TITLE, name)

/** Shares a saved photograph with an app of the user's choice. */
fun shareJpeg(uri: Uri, title: String): Intent {
    val send = Intent(Intent.ACTION_SEND).setType(PhotoSaver.JPEG).putExtra(Intent.EXTRA_STREAM, uri)
    // The clip carries the read permission, which the preview in the app chooser needs too.
    send.clipData = ClipData.newRawUri(null, uri)
    send.addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
    return Intent.createChooser(send, title)
}

/**
 * Returns the photograph that another app shares; null if the intent contains none. If the user returns
 * from the list of recent apps, the system repeats the intent, but access to the photograph is gone.
 */
fun sharedPhotograph(intent: Intent): Uri? {
    val isRepeated = intent.flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY != 0
    if (intent.action != Intent.ACTION_SEND || isRepeated) return null
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
        return intent.getParcelableExtra(Intent.EXTRA_STREAM, Uri::class.java)
    }
    @Suppress("DEPRECATION") // The only way before Android 13.
    return intent.getParcelableExtra(Intent.EXTRA_STREAM)
}
