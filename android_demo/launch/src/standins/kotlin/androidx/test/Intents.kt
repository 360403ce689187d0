package androidx.test.runner.intent

import android.app.Instrumentation
import android.content.Intent

/** Told of every intent. */
interface IntentMonitor

/** Told who watches intents. */
object IntentMonitorRegistry {
    @JvmStatic fun registerInstance(monitor: IntentMonitor?) = Unit
}

/** Answers intents in the place of other apps. */
interface IntentStubber {
    fun getActivityResultForIntent(intent: Intent): Instrumentation.ActivityResult?
}

/** Knows who answers intents: nobody. */
object IntentStubberRegistry {
    @JvmStatic fun isLoaded(): Boolean = false

    @JvmStatic fun getInstance(): IntentStubber? = null
}
