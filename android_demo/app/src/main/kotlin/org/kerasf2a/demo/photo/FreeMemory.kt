package org.kerasf2a.demo.photo

import android.app.ActivityManager
import android.content.Context
import android.os.Build

/**
 * How many bytes the pixels of photographs may take now: since Android 8 they lie outside the Java
 * heap, and only the phone's memory limits them. Half of what is free is left to others.
 */
fun freePixelMemory(context: Context): Long {
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.O) {
        val runtime = Runtime.getRuntime()
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory())
    }
    val memory = ActivityManager.MemoryInfo()
    val manager = context.getSystemService(Context.ACTIVITY_SERVICE) as ActivityManager
    manager.getMemoryInfo(memory)
    return maxOf(memory.availMem - memory.threshold, 0) / 2
}
