package org.kerasf2a.launch

import android.app.Activity
import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Insets
import android.os.Bundle
import android.os.Looper
import android.os.Parcel
import android.view.View
import android.view.WindowInsets
import android.widget.SeekBar
import android.widget.TextView
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.kerasf2a.demo.CorrectionSession
import org.kerasf2a.demo.MainActivity
import org.kerasf2a.demo.R
import org.kerasf2a.demo.screen.BeforeAfterView
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController

/**
 * The app's activity, started as the system does, and the user's actions on it.
 *
 * @param intent the intent that starts it; by default the launcher's.
 * @param saved the state saved by an activity of a killed process.
 */
class Phone(intent: Intent? = null, saved: Bundle? = null) {
    private val controller: ActivityController<MainActivity> =
        Robolectric.buildActivity(MainActivity::class.java, intent).let {
            if (saved == null) it.setup() else it.setup(saved)
        }

    val activity: MainActivity
        get() = controller.get()

    val comparison: BeforeAfterView
        get() = view(R.id.comparison)

    fun <Kind : View> view(id: Int): Kind = activity.findViewById(id)

    fun text(id: Int): String = view<TextView>(id).text.toString()

    /** Returns a text in the language of the phone. */
    fun words(id: Int, vararg parts: Any): String = activity.getString(id, *parts)

    fun name(id: Int): String = activity.resources.getResourceEntryName(id)

    fun isShown(id: Int) = view<View>(id).isShown

    /** Taps a view, which must be visible and enabled. */
    fun tap(id: Int) {
        val target = view<View>(id)
        assertTrue("${name(id)} is shown", target.isShown)
        assertTrue("${name(id)} is enabled", target.isEnabled)
        target.performClick()
        idle()
    }

    /** Moves a slider, which must be visible and enabled. */
    fun slide(id: Int, progress: Int) {
        val bar = view<SeekBar>(id)
        assertTrue("${name(id)} is shown", bar.isShown)
        assertTrue("${name(id)} is enabled", bar.isEnabled)
        bar.progress = progress
        idle()
    }

    /** Chooses a photograph in the picker that the Open button starts. */
    fun open(name: String) {
        tap(R.id.open)
        answer(Intent().setData(PhotographLender.address(name)))
    }

    /** Opens a photograph and waits until it is corrected and on the screen. */
    fun openAndWait(name: String) {
        open(name)
        waitForWork()
        assertEquals("", text(R.id.notice))
        assertTrue(isShown(R.id.adjustment))
    }

    /** Returns the last intent that the app started for a result. */
    fun started(): Intent = shadowOf(activity).peekNextStartedActivityForResult().intent

    /** Answers in place of the app that was started last. */
    fun answer(result: Intent?) {
        val asked = shadowOf(activity).nextStartedActivityForResult.intent
        val code = if (result == null) Activity.RESULT_CANCELED else Activity.RESULT_OK
        shadowOf(activity).receiveResult(asked, code, result)
        idle()
    }

    /** Makes another app share something while this one is running. */
    fun receive(intent: Intent) {
        controller.newIntent(intent)
        idle()
    }

    /** Rotates the screen, for which the system recreates the activity. */
    fun turn() {
        val before = activity
        val isUpright = activity.resources.configuration.orientation == PORTRAIT
        RuntimeEnvironment.setQualifiers(if (isUpright) "+land" else "+port")
        controller.configurationChange(RuntimeEnvironment.getApplication().resources.configuration)
        controller.visible()
        idle()
        assertTrue("the activity is a new one", before !== activity)
    }

    /**
     * Returns the state that survives a killed process, through bytes, so that no object is shared.
     */
    fun savedByKilledProcess(): Bundle {
        val state = Bundle()
        controller.pause().stop().saveInstanceState(state)
        val parcel = Parcel.obtain()
        parcel.writeBundle(state)
        val bytes = parcel.marshall()
        parcel.recycle()
        val read = Parcel.obtain()
        read.unmarshall(bytes, 0, bytes.size)
        read.setDataPosition(0)
        return read.readBundle(MainActivity::class.java.classLoader)!!
    }

    /** Leaves the app for good. */
    fun leave() {
        controller.pause().stop().destroy()
        idle()
    }

    /** Runs the pending tasks of the main thread. */
    fun idle() = shadowOf(Looper.getMainLooper()).idle()

    /** Waits until the worker's results have met a condition. */
    fun waitUntil(what: String, condition: () -> Boolean) {
        val end = System.nanoTime() + PATIENCE
        idle()
        while (!condition()) {
            check(System.nanoTime() < end) { "waited in vain until $what" }
            Thread.sleep(2)
            idle()
        }
    }

    /** Waits until no task is running. */
    fun waitForWork() = waitUntil("the work is done") { !isShown(R.id.work) }

    /** Overlays the window with status and navigation bars, as Android does since version 15. */
    fun showSystemBars() {
        val height = (24 * activity.resources.displayMetrics.density).toInt()
        val bars = Insets.of(0, height, 0, height)
        val insets = WindowInsets.Builder().setInsets(WindowInsets.Type.systemBars(), bars).build()
        view<View>(R.id.root).dispatchApplyWindowInsets(insets)
        idle()
    }

    /** Draws the comparison as shown on the screen. */
    fun picture(): Bitmap = drawn(comparison)

    /** Draws the whole window. */
    fun screen(): Bitmap = drawn(activity.window.decorView)

    private fun drawn(view: View): Bitmap {
        val picture = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        view.draw(Canvas(picture))
        return picture
    }

    /** Waits until the preview is up to date with the sliders. */
    fun settle() = waitUntil("the preview is up to date") { !isPreviewBusy() }

    // By reflection, because the preview is updated without any sign on the screen.
    private fun isPreviewBusy(): Boolean {
        val session = hidden(MainActivity::class.java, "session").get(activity)
        return hidden(CorrectionSession::class.java, "previewIsBusy").getBoolean(session)
    }

    private fun hidden(type: Class<*>, name: String) =
        type.getDeclaredField(name).apply { isAccessible = true }

    private companion object {
        const val PORTRAIT = android.content.res.Configuration.ORIENTATION_PORTRAIT
        const val PATIENCE = 60_000_000_000
    }
}
