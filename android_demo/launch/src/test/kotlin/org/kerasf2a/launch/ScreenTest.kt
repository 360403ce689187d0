package org.kerasf2a.launch

import org.junit.Test
import org.robolectric.annotation.Config

/** Pictures of the screen. */
class ScreenTest : LaunchTest() {
    @Test
    fun phone() = draw("phone")

    @Test
    @Config(qualifiers = "w891dp-h411dp-land-night-420dpi")
    fun phoneLying() = draw("phone_land_night")

    private fun draw(name: String) {
        val phone = Phone()
        phone.photographScreen("${name}_empty")
        phone.open("upright.jpg")
        phone.waitForWork()
        phone.photographScreen(name)
    }
}
