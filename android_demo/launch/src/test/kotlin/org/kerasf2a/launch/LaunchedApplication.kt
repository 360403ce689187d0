package org.kerasf2a.launch

import android.os.Looper
import java.util.concurrent.CountDownLatch
import org.kerasf2a.core.Engine
import org.kerasf2a.demo.DemoApplication
import org.kerasf2a.jvm.LiteRtEngine

/** The app's process on the JVM: the app's own but for the engine, which is LiteRT's C API. */
class LaunchedApplication : DemoApplication() {
    /** The network waits for it before it runs. */
    @Volatile var gate = OPEN_GATE

    /** How many engines were opened and not yet closed. */
    @Volatile var openEngines = 0
        private set

    override fun openEngine(): Engine {
        refuseMainThread("the model is loaded")
        val engine = LiteRtEngine(setting("litert"), setting("model"))
        openEngines++
        return object : Engine by engine {
            override fun run(image: FloatArray): FloatArray {
                refuseMainThread("the network runs")
                gate.await()
                return engine.run(image)
            }

            override fun close() {
                engine.close()
                openEngines--
            }
        }
    }

    private companion object {
        val OPEN_GATE = CountDownLatch(0)
    }
}

/** Fails if it is called on the thread that draws the screen. */
fun refuseMainThread(what: String) =
    check(Looper.myLooper() != Looper.getMainLooper()) { "$what on the main thread" }

/** A setting that the launcher hands over, such as a file's path. */
fun setting(name: String): String =
    checkNotNull(System.getProperty("launch.$name")) { "launch.$name is not set" }
