package org.kerasf2a.demo.engine

import java.io.File
import java.io.IOException

/**
 * Returns the number of threads for a CPU with these maximum core frequencies: the number of cores
 * that are faster than the slowest kind. A slow core would keep the fast ones waiting.
 *
 * @param frequencies maximum frequency of each core, in any unit.
 */
fun threadsFor(frequencies: List<Long>): Int {
    val slowest = frequencies.minOrNull() ?: return FALLBACK_THREADS
    val fast = frequencies.count { it > slowest }
    return (if (fast == 0) frequencies.size else fast).coerceIn(1, MOST_THREADS)
}

/** Returns the maximum frequencies of this phone's cores, as far as they are available. */
fun processorFrequencies(): List<Long> =
    (0 until Runtime.getRuntime().availableProcessors()).mapNotNull { core ->
        try {
            File("/sys/devices/system/cpu/cpu$core/cpufreq/cpuinfo_max_freq").readText().trim().toLong()
        } catch (_: IOException) {
            null
        } catch (_: NumberFormatException) {
            null
        }
    }

// More threads gain little for a network of this size, and take cores from the rest of the phone.
private const val MOST_THREADS = 4
private const val FALLBACK_THREADS = 2
