// Robolectric names a few classes of androidx.test, which only Google's repository has. It starts
// activities without them, so what stands here under their names holds nothing.
package androidx.test.platform.app

import android.app.Instrumentation
import android.os.Bundle

/** Told which instrumentation runs. */
object InstrumentationRegistry {
    @JvmStatic fun registerInstance(instrumentation: Instrumentation?, arguments: Bundle?) = Unit
}
