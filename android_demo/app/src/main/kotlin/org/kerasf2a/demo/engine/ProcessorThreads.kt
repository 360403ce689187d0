package org.kerasf2a.demo.engine

import java.io.File
import java.io.IOException

/**
 * How many threads suit a processor with cores of these highest frequencies: as many as it has cores
 * that are not of its slowest kind. A slow core would keep the fast ones waiting.
 *
 * @param frequencies of each core, in any unit.
 */
fun threadsFor(frequencies: List<Long>): Int {
    val slowest = frequencies.minOrNull() ?: return FALLBACK_THREADS
    val fast = frequencies.count { it > slowest }
    return (if (fast == 0) frequencies.size else fast).coerceIn(1, MOST_THREADS)
}

/** The highest frequencies of this phone's cores, as far as it tells them. */
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

// More gain little on a network of this size and take the cores from the rest of the phone.
private const val MOST_THREADS = 4
private const val FALLBACK_THREADS = 2
