package org.kerasf2a.launch

import android.content.Intent
import android.os.Looper
import android.view.View
import android.widget.TextView
import org.junit.Assert.assertTrue
import org.kerasf2a.demo.MainActivity
import org.kerasf2a.demo.R
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController

/** The app's activity, started as the system starts it, and what a user does to it. */
class Phone(intent: Intent? = null) {
    private var controller: ActivityController<MainActivity> =
        Robolectric.buildActivity(MainActivity::class.java, intent).setup()

    val activity: MainActivity
        get() = controller.get()

    fun <Kind : View> view(id: Int): Kind = activity.findViewById(id)

    fun text(id: Int): String = view<TextView>(id).text.toString()

    /** Words in the language of the phone. */
    fun words(id: Int, vararg parts: Any): String = activity.getString(id, *parts)

    fun name(id: Int): String = activity.resources.getResourceEntryName(id)

    fun isShown(id: Int) = view<View>(id).isShown

    /** Taps a view, which has to be on the screen and enabled. */
    fun tap(id: Int) {
        val target = view<View>(id)
        assertTrue("${name(id)} is shown", target.isShown)
        assertTrue("${name(id)} is enabled", target.isEnabled)
        target.performClick()
        idle()
    }

    /** Chooses a photograph in the picker that Open starts. */
    fun open(name: String) {
        tap(R.id.open)
        val picker = shadowOf(activity).nextStartedActivityForResult.intent
        val chosen = Intent().setData(PhotographLender.address(name))
        shadowOf(activity).receiveResult(picker, android.app.Activity.RESULT_OK, chosen)
        idle()
    }

    /** Lets the main thread do what waits for it. */
    fun idle() = shadowOf(Looper.getMainLooper()).idle()

    /** Waits until the worker's results have brought something about. */
    fun waitUntil(what: String, condition: () -> Boolean) {
        val end = System.nanoTime() + 60_000_000_000
        while (!condition()) {
            check(System.nanoTime() < end) { "waited in vain until $what" }
            Thread.sleep(2)
            idle()
        }
    }

    /** Waits until no work is going on. */
    fun waitForWork() = waitUntil("the work is done") { !isShown(R.id.work) }
}
