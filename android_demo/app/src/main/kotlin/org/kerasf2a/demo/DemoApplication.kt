package org.kerasf2a.demo

import android.app.Application
import org.kerasf2a.core.Generator
import org.kerasf2a.demo.engine.openGenerator

/** The app's process. A product that lifts the core in puts its own generator here. */
open class DemoApplication : Application() {
    /**
     * Loads the networks on the accelerator that suits this phone. Takes up to some seconds the first
     * time: not for the main thread.
     */
    open fun loadGenerator(): Generator = openGenerator(this)
}
