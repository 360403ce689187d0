package org.kerasf2a.launch

import android.view.KeyEvent
import android.widget.SeekBar
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.demo.R
import org.robolectric.annotation.Config
import java.io.File

/** The strength slider: from the original through the full light to twice the light. */
class StrengthTest : LaunchTest() {
    @Test
    fun itBeginsInTheMiddleAndEndsAtTwiceTheLight() {
        val phone = opened()
        val bar = phone.view<SeekBar>(R.id.strength)
        assertEquals(100 to 200, bar.progress to bar.max)
        assertEquals("100%", phone.text(R.id.strength_value))
        val whole = phone.picture()
        bar.onKeyDown(KeyEvent.KEYCODE_DPAD_RIGHT, KeyEvent(0, KeyEvent.KEYCODE_DPAD_RIGHT))
        phone.settle()
        assertEquals("110%", phone.text(R.id.strength_value))
        assertEquals("110%", bar.createAccessibilityNodeInfo().stateDescription)
        phone.slide(R.id.strength, 200)
        phone.settle()
        assertFalse("another picture", whole.sameAs(phone.picture()))
        phone.slide(R.id.strength, 100)
        phone.settle()
        assertTrue("the same as before", whole.sameAs(phone.picture()))
    }

    @Test
    fun theNetworkIsNotAskedAgain() {
        app.carriesLights = true
        val phone = opened()
        phone.tap(R.id.light_lamp_left)
        phone.settle()
        val asked = app.askedLights
        val pictures = mutableListOf(phone.picture())
        for (progress in listOf(150, 200, 50)) {
            phone.slide(R.id.strength, progress)
            phone.settle()
            val now = phone.picture()
            for (earlier in pictures) assertFalse("$progress", earlier.sameAs(now))
            pictures += now
        }
        assertEquals(asked, app.askedLights)
        assertEquals("", phone.text(R.id.notice))
    }

    @Test
    fun theOriginalIsNotSaidToShowNoFlash() {
        app.carriesLights = true
        val phone = Phone()
        phone.openAndWait("no_flash.jpg")
        assertTrue(phone.isShown(R.id.no_flash))
        for ((progress, isSaid) in listOf(0 to false, 10 to true)) {
            phone.slide(R.id.strength, progress)
            phone.settle()
            assertEquals("$progress%", isSaid, phone.isShown(R.id.no_flash))
        }
    }

    @Test
    fun moreThanTheLightIsSaved() = save("rotated.jpg", "stronger", 150)

    @Test
    @Config(qualifiers = "+es")
    fun twiceANamedLightIsSaved() {
        app.carriesLights = true
        // In Spanish, a space stands before the sign.
        save("upright.jpg", "lit_twice", 200, shown = "200 %") { it.tap(R.id.light_lamp_right) }
    }

    private fun save(
        photograph: String,
        name: String,
        progress: Int,
        shown: String = "$progress%",
        choose: (Phone) -> Unit = {},
    ) {
        val phone = Phone()
        phone.openAndWait(photograph)
        choose(phone)
        phone.slide(R.id.strength, progress)
        assertEquals(shown, phone.text(R.id.strength_value))
        phone.tap(R.id.save)
        phone.waitForWork()
        gallery.kept.values.single().file.copyTo(File(setting("output"), "saved/$name.jpg"))
    }

    private fun opened() = Phone().apply {
        openAndWait("upright.jpg")
        comparison.divider = 0f
    }
}
