package org.kerasf2a.demo.engine

import android.content.Context
import android.content.SharedPreferences
import android.os.Build

/**
 * Remembers the outcome of the GPU trial, which takes seconds, until the phone's software, the app
 * or the model changes. A trial that never ended has crashed the app, and is not repeated.
 */
class GpuMemory(context: Context, modelBytes: Int) {
    private val preferences: SharedPreferences =
        context.getSharedPreferences("gpu", Context.MODE_PRIVATE)
    private val key = listOf(Build.FINGERPRINT, installTime(context), modelBytes).joinToString("|")

    /** The remembered verdict; null before the first trial. */
    val verdict: GpuVerdict?
        get() {
            if (preferences.getString(KEY, null) != key) return null
            val name = preferences.getString(VERDICT, null)
            return GpuVerdict.values().firstOrNull { it.name == name }
        }

    /** Runs a trial and remembers its verdict. If the trial throws, nothing is remembered. */
    fun remember(trial: () -> GpuVerdict): GpuVerdict {
        write(GpuVerdict.CRASHED)
        return try {
            trial().also { write(it) }
        } catch (error: Throwable) {
            write(null)
            throw error
        }
    }

    // Waits until it is on disk, because the next step may kill the process.
    private fun write(verdict: GpuVerdict?) {
        preferences.edit().putString(KEY, key).putString(VERDICT, verdict?.name).commit()
    }

    private fun installTime(context: Context): Long =
        context.packageManager.getPackageInfo(context.packageName, 0).lastUpdateTime

    private companion object {
        const val KEY = "tried on"
        const val VERDICT = "verdict"
    }
}
