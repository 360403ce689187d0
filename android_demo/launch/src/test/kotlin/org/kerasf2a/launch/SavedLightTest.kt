package org.kerasf2a.launch

import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.kerasf2a.demo.R
import java.io.File

/** Saved files show the light that was chosen. `tests/android/test_launch.py` checks their pixels. */
class SavedLightTest : LaunchTest() {
    @Before
    fun carryLights() {
        app.carriesLights = true
    }

    @Test
    fun aDraggedLightIsSaved() = save("upright.jpg", "lit_dragged") { phone ->
        phone.drag(0.5f to ABOVE, 0.2f to 0.4f)
    }

    @Test
    fun aNamedLightIsSaved() = save("rotated.jpg", "lit_named") { phone ->
        phone.tap(R.id.light_lamp_right)
    }

    @Test
    fun theLightThatNeedsNoChoiceIsSaved() = save("upright.jpg", "lit_auto") {}

    @Test
    fun aPhotographWithoutFlashIsLeftAndALineSaysSo() = save("no_flash.jpg", "lit_no_flash") { phone ->
        assertTrue(phone.isShown(R.id.no_flash))
        phone.tap(R.id.light_room)
        phone.settle()
        assertFalse("a light was chosen", phone.isShown(R.id.no_flash))
        phone.tap(R.id.light_auto)
        phone.settle()
        assertTrue("auto again", phone.isShown(R.id.no_flash))
    }

    private fun save(photograph: String, name: String, choose: (Phone) -> Unit) {
        val phone = Phone()
        phone.openAndWait(photograph)
        choose(phone)
        phone.tap(R.id.save)
        phone.waitForWork()
        gallery.kept.values.single().file.copyTo(File(setting("output"), "saved/$name.jpg"))
    }
}
