package org.kerasf2a.demo

import android.os.Handler
import android.os.Looper
import org.kerasf2a.core.Monitor
import org.kerasf2a.core.PhotoError
import java.util.concurrent.CancellationException
import java.util.concurrent.Executors

/** How a piece of work ended. */
sealed class Outcome<out Value> {
    class Done<Value>(val value: Value) : Outcome<Value>()

    class Failed(val error: Throwable) : Outcome<Nothing>()

    object Cancelled : Outcome<Nothing>()
}

/**
 * One background thread that works through what it is given, in order. It is one because a network
 * on a GPU has to be run by the thread that opened it, and because photographs are large: two at a
 * time may not fit.
 */
class Worker {
    private val thread = Executors.newSingleThreadExecutor { Thread(it, "correction") }
    private val main = Handler(Looper.getMainLooper())

    /**
     * Runs a piece of work when its turn comes. Called on the main thread, which also gets the
     * progress and the end.
     *
     * @return how to ask it to stop.
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

    /** Runs a last piece of work and ends the thread, after all that it was given before. */
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
    } catch (error: Exception) { // The user is told; the app goes on.
        Outcome.Failed(error)
    }
}

/** A piece of work that is running or waiting. */
class Job(private val tell: (Float) -> Unit) : Monitor {
    private var percent = -1

    @Volatile override var isCancelled = false
        private set

    /** Asks it to stop. */
    fun cancel() {
        isCancelled = true
    }

    // A photograph has thousands of strips, and a progress bar a hundred steps.
    override fun progress(fraction: Float) {
        val now = (fraction * 100).toInt()
        if (now != percent) {
            percent = now
            tell(fraction)
        }
    }
}
