package org.kerasf2a.demo

import android.app.Application
import org.kerasf2a.core.Engine
import org.kerasf2a.demo.engine.EngineChooser

/** The app's process. A product that lifts the core in puts its own engine here. */
open class DemoApplication : Application() {
    /**
     * Loads the model on the accelerator that suits this phone. Takes up to some seconds the first
     * time: not for the main thread.
     */
    open fun openEngine(): Engine = EngineChooser(this).open()
}
