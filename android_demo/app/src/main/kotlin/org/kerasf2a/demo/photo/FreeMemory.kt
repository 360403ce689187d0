package org.kerasf2a.demo.photo

import android.app.ActivityManager
import android.content.Context
import android.os.Build

/**
 * Returns how many bytes the pixels of photographs may take now. Since Android 8, they are outside
 * the Java heap and limited only by the phone's memory. Half of what is free is left to other uses.
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
