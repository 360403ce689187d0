package org.kerasf2a.demo.screen

import android.os.Build
import android.view.View
import android.view.WindowInsets

/**
 * Keeps a view's content clear of the status bar, the navigation bar and the camera cutout. Since
 * Android 15, an app's window extends below them. Before that, the system keeps them free.
 */
fun keepClearOfSystemBars(view: View) {
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.R) return
    val obstacles = WindowInsets.Type.systemBars() or WindowInsets.Type.displayCutout()
    view.setOnApplyWindowInsetsListener { _, insets ->
        val covered = insets.getInsets(obstacles)
        view.setPadding(covered.left, covered.top, covered.right, covered.bottom)
        WindowInsets.CONSUMED
    }
}
