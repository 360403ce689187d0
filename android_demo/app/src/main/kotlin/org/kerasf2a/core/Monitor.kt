package org.kerasf2a.core

import java.util.concurrent.CancellationException

/** Watches a piece of work and may ask it to stop. Called from any thread, one call at a time. */
interface Monitor {
    /** Whether the work shall stop; it then throws [CancellationException] within a moment. */
    val isCancelled: Boolean

    /** Takes the share of the work that is done: it never falls, and ends with 1. */
    fun progress(fraction: Float)

    /** Watches nothing. */
    object None : Monitor {
        override val isCancelled = false

        override fun progress(fraction: Float) = Unit
    }
}

/** Returns the monitor for a part of the work: its 0 to 1 is [first] to [last] of the whole. */
fun Monitor.part(first: Float, last: Float): Monitor {
    val whole = this
    return object : Monitor {
        override val isCancelled
            get() = whole.isCancelled

        override fun progress(fraction: Float) = whole.progress(first + fraction * (last - first))
    }
}

/** Throws [CancellationException] if the work shall stop. */
fun Monitor.stopIfCancelled() {
    if (isCancelled) throw CancellationException()
}

/**
 * Counts steps that threads take together, and tells a monitor.
 *
 * @param steps their number, at least 1.
 */
internal class StepCounter(private val monitor: Monitor, private val steps: Int) {
    private var done = 0

    /** Adds steps that are done; throws [CancellationException] if the work shall stop. */
    @Synchronized
    fun advance(count: Int) {
        monitor.stopIfCancelled()
        done += count
        monitor.progress(done.toFloat() / steps)
    }
}
