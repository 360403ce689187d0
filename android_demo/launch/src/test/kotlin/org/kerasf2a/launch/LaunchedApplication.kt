package org.kerasf2a.launch

import android.os.Looper
import org.kerasf2a.core.Engine
import org.kerasf2a.core.Generator
import org.kerasf2a.core.LightEngine
import org.kerasf2a.core.LogGain
import org.kerasf2a.core.Network
import org.kerasf2a.core.PhotoError
import org.kerasf2a.core.ReadPhoto
import org.kerasf2a.demo.DemoApplication
import org.kerasf2a.jvm.LiteRtEngine
import org.kerasf2a.jvm.LiteRtFaces
import org.kerasf2a.jvm.LiteRtLightEngine
import java.io.File
import java.util.concurrent.CountDownLatch

/** The app's process on the JVM. Only the networks differ, which run through LiteRT's C API. */
class LaunchedApplication : DemoApplication() {
    /** The network waits here before each run. */
    @Volatile var gate = Gate(isOpen = true)

    /** Results wait here between correction and compression. */
    @Volatile var resultGate = Gate(isOpen = true)

    /** The error message of the network, if it is to fail. */
    @Volatile var fault: String? = null

    /** Whether the app has a network for placed light instead of the generator. */
    @Volatile var carriesLights = false

    /** How often a network for placed light ran for a light. */
    @Volatile var askedLights = 0
        private set

    /** How many engines are open. */
    @Volatile var openEngines = 0
        private set

    override fun getCacheDir(): File {
        if (!isMainThread()) resultGate.pass()
        return super.getCacheDir()
    }

    override fun loadGenerator(): Generator {
        val library = setting("litert")
        if (carriesLights) {
            val faces = LiteRtFaces(library, setting("lights_faces"))
            return Generator(openLights(setting("lights")), faceNetwork = faces)
        }
        return Generator(
            openEngine(setting("model")),
            path("sibling")?.let { file -> { openEngine(file) } },
            path("faces")?.let { LiteRtFaces(library, it) },
        )
    }

    private fun openEngine(file: String): Engine {
        refuseMainThread("the model is loaded")
        val engine = LiteRtEngine(setting("litert"), file)
        openEngines++
        return object : Engine by engine {
            override fun run(image: FloatArray): FloatArray {
                beforeRun()
                return engine.run(image)
            }

            override fun close() {
                engine.close()
                openEngines--
            }
        }
    }

    private fun openLights(file: String): Network {
        refuseMainThread("the model is loaded")
        val engine = LiteRtLightEngine(setting("litert"), file)
        openEngines++
        return object : LightEngine by engine {
            override fun encode(image: FloatArray): ReadPhoto {
                beforeRun()
                return engine.encode(image)
            }

            override fun logGain(features: List<FloatArray>, light: FloatArray): LogGain {
                beforeRun()
                askedLights++
                return engine.logGain(features, light)
            }

            override fun close() {
                engine.close()
                openEngines--
            }
        }
    }

    private fun beforeRun() {
        refuseMainThread("the network runs")
        gate.pass()
        fault?.let { throw PhotoError.ModelFailed(it) }
    }
}

/** Pauses a task until the test lets it continue. */
class Gate(isOpen: Boolean = false) {
    private val arrival = CountDownLatch(1)
    private val opening = CountDownLatch(if (isOpen) 0 else 1)

    /** Whether the task has reached the gate. */
    val isReached: Boolean
        get() = arrival.count == 0L

    /** Waits until the gate is open. */
    fun pass() {
        arrival.countDown()
        opening.await()
    }

    fun open() = opening.countDown()
}

/** Fails if it is called on the main thread. */
fun refuseMainThread(what: String) = check(!isMainThread()) { "$what on the main thread" }

private fun isMainThread() = Looper.myLooper() == Looper.getMainLooper()

/** Returns the path of a file from the launcher, or null if the launcher has none. */
private fun path(name: String): String? = setting(name).takeIf { it.isNotEmpty() }

/** Returns a setting from the launcher, such as a file's path. */
fun setting(name: String): String =
    checkNotNull(System.getProperty("launch.$name")) { "launch.$name is not set" }
