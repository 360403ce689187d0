package org.kerasf2a.demo

import org.kerasf2a.core.Engine
import org.kerasf2a.core.LightEngine
import org.kerasf2a.core.Network

/**
 * Measures the run time of a network.
 *
 * @property description what runs it, in words.
 */
class NetworkTime(val description: String) {
    /** The total time of all runs so far. */
    var seconds = 0f
        private set

    /** Wraps a network to measure its runs. */
    fun of(network: Network): Network = when (network) {
        is Engine ->
            object : Engine by network {
                override fun run(image: FloatArray) = measure { network.run(image) }
            }
        is LightEngine ->
            object : LightEngine by network {
                override fun encode(image: FloatArray) = measure { network.encode(image) }

                override fun logGain(features: List<FloatArray>, light: FloatArray) =
                    measure { network.logGain(features, light) }
            }
    }

    private inline fun <Result> measure(run: () -> Result): Result {
        val start = System.nanoTime()
        return run().also { seconds += secondsSince(start) }
    }
}

internal fun secondsSince(start: Long) = (System.nanoTime() - start) / 1e9f
