package org.kerasf2a.launch

import android.graphics.Bitmap
import android.graphics.Canvas
import java.io.File

/** Draws the app's window to NAME.png in the launcher's folder, as a user sees it. */
fun Phone.photographScreen(name: String) {
    val window = activity.window.decorView
    val picture = Bitmap.createBitmap(window.width, window.height, Bitmap.Config.ARGB_8888)
    window.draw(Canvas(picture))
    val folder = File(setting("output"), "screens").apply { mkdirs() }
    File(folder, "$name.png").outputStream().use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }
}
