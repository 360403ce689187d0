// Robolectric refers to a few classes of androidx.test, which only Google's repository provides. It
// starts activities without them, so these stand-ins do nothing.
package androidx.test.platform.app

import android.app.Instrumentation
import android.os.Bundle

/** Is told which instrumentation runs. */
object InstrumentationRegistry {
    @JvmStatic fun registerInstance(instrumentation: Instrumentation?, arguments: Bundle?) = Unit
}
