package org.kerasf2a.launch

import android.graphics.Bitmap
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.demo.R
import org.robolectric.annotation.Config
import java.io.File

/**
 * The screen in every shape, drawn to files for visual inspection and checked for clipped content.
 */
class ScreenTest : LaunchTest() {
    @Test
    fun phone() = draw("phone", "portrait.jpg")

    @Test
    @Config(qualifiers = "+night")
    fun phoneDark() = draw("phone_dark", "portrait.jpg")

    @Test
    @Config(qualifiers = "w780dp-h360dp-land")
    fun phoneLying() = draw("phone_lying")

    @Test
    @Config(qualifiers = "w780dp-h360dp-land-night")
    fun phoneLyingDark() = draw("phone_lying_dark")

    @Test
    @Config(qualifiers = "w800dp-h1280dp-xlarge-hdpi")
    fun tablet() = draw("tablet")

    @Test
    @Config(qualifiers = "w800dp-h1280dp-xlarge-night-hdpi")
    fun tabletDark() = draw("tablet_dark")

    @Test
    @Config(qualifiers = "w1280dp-h800dp-xlarge-land-hdpi")
    fun tabletLying() = draw("tablet_lying")

    @Test
    @Config(qualifiers = "w1280dp-h800dp-xlarge-land-night-hdpi")
    fun tabletLyingDark() = draw("tablet_lying_dark")

    @Test
    @Config(qualifiers = "es-w320dp-h533dp-night-hdpi", fontScale = LARGEST)
    fun smallPhoneInSpanishWithTheLargestFont() = draw("small_es_large")

    @Test
    @Config(qualifiers = "es-w533dp-h320dp-land-hdpi", fontScale = LARGEST)
    fun smallPhoneLyingWithTheLargestFont() = draw("small_lying_es_large")

    @Test
    fun phoneWithLights() {
        app.carriesLights = true
        draw("phone_lights", "portrait.jpg")
    }

    @Test
    @Config(qualifiers = "es-w320dp-h533dp-night-hdpi", fontScale = LARGEST)
    fun smallPhoneWithLightsInSpanishWithTheLargestFont() {
        app.carriesLights = true
        draw("small_lights_es_large", "no_flash.jpg")
    }

    @Test
    fun anEmptyScreen() {
        val phone = Phone().apply { showSystemBars() }
        keep(phone, "phone_empty")
        assertNothingIsCutOff(phone)
    }

    @Test
    @Config(qualifiers = "w533dp-h320dp-land-night-hdpi")
    fun anError() {
        val phone = Phone().apply { showSystemBars() }
        phone.openAndWait("upright.jpg")
        gallery.whenWriting = { throw java.io.FileNotFoundException("no room") }
        phone.tap(R.id.save)
        phone.waitForWork()
        keep(phone, "small_lying_error")
        assertNothingIsCutOff(phone)
    }

    @Test
    fun work() {
        val phone = Phone().apply { showSystemBars() }
        phone.openAndWait("portrait.jpg")
        val gate = Gate()
        app.resultGate = gate
        phone.tap(R.id.save)
        phone.waitUntil("it is saving") { gate.isReached }
        keep(phone, "phone_saving")
        assertNothingIsCutOff(phone)
        gate.open()
        phone.waitForWork()
        keep(phone, "phone_saved")
    }

    private fun draw(name: String, photograph: String = "upright.jpg") {
        val phone = Phone().apply { showSystemBars() }
        phone.openAndWait(photograph)
        phone.slide(R.id.strength, 90)
        phone.slide(R.id.brightness, 36)
        phone.slide(R.id.warmth, 23)
        phone.settle()
        keep(phone, name)
        assertNothingIsCutOff(phone)
        val side = 96 * phone.activity.resources.displayMetrics.density
        assertTrue("room for the photograph", phone.comparison.run { minOf(width, height) } >= side)
    }

    private fun keep(phone: Phone, name: String) {
        val folder = File(setting("output"), "screens").apply { mkdirs() }
        File(folder, "$name.png").outputStream().use {
            phone.screen().compress(Bitmap.CompressFormat.PNG, 100, it)
        }
    }

    private fun assertNothingIsCutOff(phone: Phone) {
        val root = phone.view<View>(R.id.root)
        val views = shown(root)
        assertTrue(views.size > 4)
        val touchable = 48 * phone.activity.resources.displayMetrics.density
        for (view in views) {
            val name = if (view.id == View.NO_ID) "$view" else phone.name(view.id)
            if (view is TextView && view.text.isNotEmpty()) {
                val room = view.height - view.compoundPaddingTop - view.compoundPaddingBottom
                assertTrue("$name: the text is higher than it", view.layout.height <= room)
                for (line in 0 until view.layout.lineCount) {
                    val width = view.layout.getLineMax(line)
                    val across = view.width - view.compoundPaddingLeft - view.compoundPaddingRight
                    assertTrue("$name: the text is wider than it", width <= across + 1)
                    assertTrue("$name: a word is broken", endsAtAWord(view, line))
                }
            }
            if (view.isClickable || view.id in SLIDERS) {
                assertTrue("$name is too low for a finger", view.height >= touchable - 1)
            }
            val parent = view.parent as ViewGroup
            val fits = view.left >= 0 && view.top >= 0 && view.right <= parent.width
            assertTrue("$name leaves its parent", fits && view.bottom <= parent.height)
        }
        assertTrue("something lies below the status bar", root.paddingTop >= 24 * touchable / 48 - 1)
        assertTrue("or below the navigation bar", root.paddingBottom >= 24 * touchable / 48 - 1)
    }

    private fun endsAtAWord(view: TextView, line: Int): Boolean {
        val end = view.layout.getLineEnd(line)
        if (end >= view.text.length) return true
        return view.text[end - 1].isWhitespace() || view.text[end - 1] in "-·×"
    }

    private fun shown(view: View): List<View> = when {
        !view.isShown -> emptyList()
        view is ViewGroup -> (0 until view.childCount).flatMap { shown(view.getChildAt(it)) }
        else -> listOf(view)
    }

    private companion object {
        const val LARGEST = 2f
        val SLIDERS = setOf(R.id.strength, R.id.brightness, R.id.warmth)
    }
}
