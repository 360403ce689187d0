package org.kerasf2a.demo.engine

import android.content.Context
import android.content.SharedPreferences
import android.os.Build

/**
 * Remembers what came out when the GPU was tried, as long as phone software, app and model are the
 * same; the trial takes seconds. A trial that never ended crashed the app, and is not repeated.
 */
class GpuMemory(context: Context, modelBytes: Int) {
    private val preferences: SharedPreferences =
        context.getSharedPreferences("gpu", Context.MODE_PRIVATE)
    private val key = listOf(Build.FINGERPRINT, installed(context), modelBytes).joinToString("|")

    /** What is known already; null before the first trial. */
    val verdict: GpuVerdict?
        get() {
            if (preferences.getString(KEY, null) != key) return null
            val name = preferences.getString(VERDICT, null)
            return GpuVerdict.values().firstOrNull { it.name == name }
        }

    /** Makes a trial and remembers its verdict; one that throws says nothing about the GPU. */
    fun remember(trial: () -> GpuVerdict): GpuVerdict {
        write(GpuVerdict.CRASHED)
        return try {
            trial().also { write(it) }
        } catch (error: Throwable) {
            write(null)
            throw error
        }
    }

    // Waits until it is on the disk: the next step may end the process.
    private fun write(verdict: GpuVerdict?) {
        preferences.edit().putString(KEY, key).putString(VERDICT, verdict?.name).commit()
    }

    private fun installed(context: Context): Long =
        context.packageManager.getPackageInfo(context.packageName, 0).lastUpdateTime

    private companion object {
        const val KEY = "tried on"
        const val VERDICT = "verdict"
    }
}
