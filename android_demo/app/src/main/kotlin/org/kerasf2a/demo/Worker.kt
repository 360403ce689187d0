package org.kerasf2a.demo

import android.os.Handler
import android.os.Looper
import org.kerasf2a.core.Monitor
import org.kerasf2a.core.PhotoError
import java.util.concurrent.CancellationException
import java.util.concurrent.Executors

/** How a task ended. */
sealed class Outcome<out Value> {
    class Done<Value>(val value: Value) : Outcome<Value>()

    class Failed(val error: Throwable) : Outcome<Nothing>()

    object Cancelled : Outcome<Nothing>()
}

/**
 * A background thread that runs tasks in order. There is only one thread for two reasons. A network
 * on a GPU must run on the thread that opened it, and two large photographs may not fit into
 * memory.
 */
class Worker {
    private val thread = Executors.newSingleThreadExecutor { Thread(it, "correction") }
    private val main = Handler(Looper.getMainLooper())

    /**
     * Queues a task. Call on the main thread, which also runs `progress` and `end`.
     *
     * @return a handle to cancel the task.
     */
    fun <Value> run(
        work: (Monitor) -> Value,
        progress: (Float) -> Unit = {},
        end: (Outcome<Value>) -> Unit,
    ): Job {
        val job = Job { fraction -> main.post { progress(fraction) } }
        thread.execute {
            val outcome = outcomeOf(job, work)
            main.post { end(outcome) }
        }
        return job
    }

    /** Queues a last task and then ends the thread. */
    fun finish(last: () -> Unit) {
        thread.execute(last)
        thread.shutdown()
    }

    private fun <Value> outcomeOf(job: Job, work: (Monitor) -> Value): Outcome<Value> = try {
        if (job.isCancelled) Outcome.Cancelled else Outcome.Done(work(job))
    } catch (_: CancellationException) {
        Outcome.Cancelled
    } catch (error: OutOfMemoryError) {
        Outcome.Failed(PhotoError.OutOfMemory(error))
    } catch (error: Exception) { // The user sees the error, and the app continues.
        Outcome.Failed(error)
    }
}

/** A task that is running or queued. */
class Job(private val report: (Float) -> Unit) : Monitor {
    private var percent = -1

    @Volatile override var isCancelled = false
        private set

    /** Requests the task to stop. */
    fun cancel() {
        isCancelled = true
    }

    // A photograph has thousands of strips, but a progress bar has only a hundred steps.
    override fun progress(fraction: Float) {
        val newPercent = (fraction * 100).toInt()
        if (newPercent != percent) {
            percent = newPercent
            report(fraction)
        }
    }
}
