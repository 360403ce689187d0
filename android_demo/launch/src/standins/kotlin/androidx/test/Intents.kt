package androidx.test.runner.intent

import android.app.Instrumentation
import android.content.Intent

/** Is told of every intent. */
interface IntentMonitor

/** Is told who watches intents. */
object IntentMonitorRegistry {
    @JvmStatic fun registerInstance(monitor: IntentMonitor?) = Unit
}

/** Answers intents in place of other apps. */
interface IntentStubber {
    fun getActivityResultForIntent(intent: Intent): Instrumentation.ActivityResult?
}

/** Knows who answers intents, which is nobody. */
object IntentStubberRegistry {
    @JvmStatic fun isLoaded(): Boolean = false

    @JvmStatic fun getInstance(): IntentStubber? = null
}
