package org.kerasf2a.core

import java.util.concurrent.CancellationException

/** Observes a task and may request it to stop. Called from any thread, one call at a time. */
interface Monitor {
    /** Whether the task should stop. It then throws [CancellationException] within a moment. */
    val isCancelled: Boolean

    /** Takes the fraction of the task that is done, which never decreases and ends with 1. */
    fun progress(fraction: Float)

    /** Ignores the progress and never stops the task. */
    object None : Monitor {
        override val isCancelled = false

        override fun progress(fraction: Float) = Unit
    }
}

/**
 * Returns the monitor for a part of the task, mapping its 0 to 1 to [first] to [last] of the whole.
 */
fun Monitor.part(first: Float, last: Float): Monitor {
    val parent = this
    return object : Monitor {
        override val isCancelled
            get() = parent.isCancelled

        override fun progress(fraction: Float) = parent.progress(first + fraction * (last - first))
    }
}

/** Throws [CancellationException] if the task should stop. */
fun Monitor.stopIfCancelled() {
    if (isCancelled) throw CancellationException()
}

/**
 * Counts the steps of several threads and reports them to a monitor.
 *
 * @param steps the total number of steps, at least 1.
 */
internal class StepCounter(private val monitor: Monitor, private val steps: Int) {
    private var done = 0

    /** Adds completed steps. Throws [CancellationException] if the task should stop. */
    @Synchronized
    fun advance(count: Int) {
        monitor.stopIfCancelled()
        done += count
        monitor.progress(done.toFloat() / steps)
    }
}
