package org.kerasf2a.launch

import android.os.Looper
import android.os.StrictMode
import android.os.strictmode.Violation
import org.junit.After
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.kerasf2a.demo.R
import org.robolectric.Shadows.shadowOf

/** The main thread is reserved for the screen: StrictMode finds no other work on it. */
class MainThreadTest : LaunchTest() {
    private val violations = mutableListOf<Violation>()
    private lateinit var guard: DiskGuard

    @Before
    fun watch() {
        val policy = StrictMode.ThreadPolicy.Builder().detectAll()
        StrictMode.setThreadPolicy(policy.penaltyListener(Runnable::run) { violations += it }.build())
        guard = DiskGuard(app.dataDir)
    }

    @After
    fun stopWatching() = guard.remove()

    @Test
    fun theGuardSeesAFileThatIsReadOnTheMainThread() {
        java.io.File(app.dataDir, "anything").exists()
        shadowOf(Looper.getMainLooper()).idle()
        assertFalse("it is blind", violations.isEmpty())
    }

    @Test
    fun noWorkIsDoneOnTheMainThread() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        phone.slide(R.id.brightness, 40)
        phone.tap(R.id.save)
        phone.waitForWork()
        phone.tap(R.id.share)
        phone.answer(null)
        phone.turn()
        val restored = Phone(saved = phone.savedByKilledProcess())
        restored.waitForWork()
        restored.leave()
        assertTrue(violations.joinToString("\n\n") { it.stackTraceToString() }, violations.isEmpty())
    }
}
