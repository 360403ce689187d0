package org.kerasf2a.demo

import android.app.Application
import org.kerasf2a.core.Generator
import org.kerasf2a.demo.engine.openGenerator

/** The app's process. A product that reuses the core supplies its own generator here. */
open class DemoApplication : Application() {
    /**
     * Loads the networks on the best accelerator for this phone. The first time takes up to several
     * seconds, so do not call it on the main thread.
     */
    open fun loadGenerator(): Generator = openGenerator(this)
}
