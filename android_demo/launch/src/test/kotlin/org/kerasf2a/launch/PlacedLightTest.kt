package org.kerasf2a.launch

import android.graphics.Bitmap
import android.view.KeyEvent
import android.view.MotionEvent
import android.widget.RadioButton
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.kerasf2a.demo.R
import org.robolectric.annotation.Config

/** Named lights, and the dot that is dragged over the photograph. */
class PlacedLightTest : LaunchTest() {
    @Before
    fun carryLights() {
        app.carriesLights = true
    }

    @Test
    fun aNetworkThatCannotBeToldOffersNoLights() {
        app.carriesLights = false
        val phone = opened()
        assertFalse(phone.isShown(R.id.lights))
        val before = phone.picture()
        phone.drag(0.5f to ABOVE, 0.2f to 0.4f)
        assertEquals("the divider is dragged", 0.2f, phone.comparison.divider, 0.01f)
        phone.comparison.divider = 0f
        assertTrue(before.sameAs(phone.picture()))
    }

    @Test
    fun everyNamedLightShowsAnotherPicture() {
        val phone = opened()
        assertTrue(phone.view<RadioButton>(R.id.light_auto).isChecked)
        assertFalse(phone.isShown(R.id.no_flash))
        val pictures = mutableListOf(phone.picture())
        for (light in NAMED) {
            phone.tap(light)
            phone.settle()
            assertTrue(phone.name(light), phone.view<RadioButton>(light).isChecked)
            val now = phone.picture()
            for (earlier in pictures) assertFalse(phone.name(light), sameLight(earlier, now))
            pictures += now
        }
        phone.tap(R.id.light_auto)
        phone.settle()
        assertTrue("auto again", pictures.first().sameAs(phone.picture()))
        assertEquals("", phone.text(R.id.notice))
    }

    @Test
    fun thePictureFollowsTheDot() {
        val phone = opened()
        phone.drag(0.5f to ABOVE, 0.4f to 0.3f, 0.2f to 0.4f)
        assertEquals("the divider stays", 0f, phone.comparison.divider, 0f)
        assertFalse(phone.view<RadioButton>(R.id.light_auto).isChecked)
        val left = phone.picture()
        heard(phone, R.string.degrees_left, 54, R.string.degrees_up, 24)
        phone.drag(0.2f to 0.4f, 0.9f to 0.8f)
        val right = phone.picture()
        heard(phone, R.string.degrees_right, 72, R.string.degrees_down, 12)
        assertFalse("another light", sameLight(left, right))
        phone.drag(0.9f to 0.8f, 0.2f to 0.4f)
        assertTrue("where it was before", left.sameAs(phone.picture()))
        phone.drag(0.2f to 0.4f, -2f to 0.4f)
        heard(phone, R.string.degrees_left, 90, R.string.degrees_up, 24)
    }

    @Test
    fun theNewestPositionWinsAndTheScreenNeverWaits() {
        val phone = opened()
        val gate = Gate()
        app.gate = gate
        val before = app.askedLights
        phone.touch(MotionEvent.ACTION_DOWN, 0.5f to ABOVE)
        for (step in 1..20) phone.touch(MotionEvent.ACTION_MOVE, 0.5f + 0.02f * step to 0.5f)
        phone.waitUntil("the network is held") { gate.isReached }
        heard(phone, R.string.degrees_right, 72, R.string.degrees_up, 15)
        gate.open()
        phone.settle()
        assertTrue("${app.askedLights - before} steps", app.askedLights - before <= 2)
        val followed = phone.picture()
        phone.tap(R.id.light_room)
        phone.settle()
        phone.drag(0.5f to ROOM, 0.9f to 0.5f)
        assertTrue("as if it had been dragged there at once", followed.sameAs(phone.picture()))
    }

    @Test
    fun keysAndScreenReadersMoveTheDot() {
        val phone = opened()
        phone.tap(R.id.light_lamp_left)
        phone.settle()
        heard(phone, R.string.degrees_left, 58, R.string.degrees_up, 14)
        val right = KeyEvent.KEYCODE_DPAD_RIGHT
        val shifted = KeyEvent(0, 0, KeyEvent.ACTION_DOWN, right, 0, KeyEvent.META_SHIFT_ON)
        phone.comparison.dispatchKeyEvent(shifted)
        heard(phone, R.string.degrees_left, 48, R.string.degrees_up, 14)
        phone.comparison.performAccessibilityAction(R.id.light_up, null)
        heard(phone, R.string.degrees_left, 48, R.string.degrees_up, 19)
        phone.settle()
        assertEquals("the divider stays", 0f, phone.comparison.divider, 0f)
        val labels = phone.comparison.createAccessibilityNodeInfo().actionList.mapNotNull { it.label }
        assertTrue("$labels", phone.words(R.string.light_to_the_left) in labels.map { it.toString() })
    }

    @Test
    @Config(qualifiers = "+es")
    fun spanish() {
        val phone = opened()
        phone.tap(R.id.light_window_right)
        phone.settle()
        assertEquals("Ventana a la derecha", phone.text(R.id.light_window_right))
        val words = "${phone.comparison.contentDescription}"
        assertTrue(words, words.endsWith("La luz viene de 58 grados a la derecha, 5 grados hacia arriba."))
    }

    @Test
    fun theLightIsKeptWhileTheScreenIsTurnedAndWhenTheProcessIsKilled() {
        val phone = opened()
        phone.drag(0.5f to ABOVE, 0.8f to 0.3f)
        val before = phone.picture()
        phone.turn()
        phone.turn()
        phone.settle()
        assertTrue("turned", before.sameAs(phone.picture()))
        val restored = Phone(saved = phone.savedByKilledProcess())
        restored.waitForWork()
        restored.settle()
        assertTrue("killed", before.sameAs(restored.picture()))
        restored.tap(R.id.light_ceiling)
        restored.settle()
        val named = restored.picture()
        restored.turn()
        restored.turn()
        restored.settle()
        assertTrue(restored.view<RadioButton>(R.id.light_ceiling).isChecked)
        assertTrue("a name", named.sameAs(restored.picture()))
    }

    @Test
    fun leavingWhileThePictureFollowsIsNoTrouble() {
        val phone = opened()
        val gate = Gate()
        app.gate = gate
        phone.tap(R.id.light_room)
        phone.waitUntil("the network is held") { gate.isReached }
        phone.tap(R.id.light_ceiling)
        phone.leave()
        gate.open()
        phone.waitUntil("the network is closed") { app.openEngines == 0 }
        phone.settle()
    }

    @Test
    fun aNetworkThatFailsIsToldOf() {
        val phone = opened()
        app.fault = "no answer"
        phone.tap(R.id.light_room)
        phone.settle()
        assertEquals(phone.words(R.string.error_model_failed, "no answer"), phone.text(R.id.notice))
        app.fault = null
        val before = app.askedLights
        phone.tap(R.id.light_ceiling)
        phone.settle()
        assertEquals("it goes on", before + 1, app.askedLights)
    }

    private fun opened() = Phone().apply {
        openAndWait("upright.jpg")
        comparison.divider = 0f
    }

    private fun heard(phone: Phone, side: Int, across: Int, height: Int, up: Int) {
        val place = arrayOf(phone.words(side, across), phone.words(height, up))
        val words = "${phone.comparison.contentDescription}"
        assertTrue(words, words.endsWith(phone.words(R.string.describe_light, *place)))
    }

    /** Returns whether two pictures show the same light, by comparing a row below the dot. */
    private fun sameLight(first: Bitmap, second: Bitmap): Boolean {
        val rows =
            listOf(first, second).map { picture ->
                IntArray(picture.width).also {
                    val row = picture.height / 2 + picture.width / 3
                    picture.getPixels(it, 0, picture.width, 0, row, picture.width, 1)
                }
            }
        return rows[0].contentEquals(rows[1])
    }

    private companion object {
        /** The dot's height for the light of the room. */
        const val ROOM = 69 / 90f
        val NAMED =
            listOf(
                R.id.light_ceiling,
                R.id.light_window_left,
                R.id.light_window_right,
                R.id.light_lamp_left,
                R.id.light_lamp_right,
                R.id.light_room,
            )
    }
}
