package org.kerasf2a.launch

import android.graphics.Color
import android.text.Editable
import android.text.TextWatcher
import android.view.View
import android.view.ViewGroup
import android.widget.SeekBar
import android.widget.TextView
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.demo.R
import org.robolectric.annotation.Config
import java.util.concurrent.atomic.AtomicInteger

/** Texts and spoken descriptions, in both languages and both themes. */
class WordsTest : LaunchTest() {
    @Test
    fun english() = speaks("Open", "Before and after", "Brightness, in stops of exposure", "+1.5 EV")

    @Test
    @Config(qualifiers = "+es")
    fun spanish() = speaks("Abrir", "Antes y después", "Brillo, en pasos de exposición", "+1,5 EV")

    // A language that the app does not support.
    @Test
    @Config(qualifiers = "+fr")
    fun french() {
        assertEquals("Open", Phone().text(R.id.open))
    }

    @Test
    fun theLightThemeIsReadable() = assertReadable(isDark = false)

    @Test
    @Config(qualifiers = "+night")
    fun theDarkThemeIsReadable() = assertReadable(isDark = true)

    private fun speaks(open: String, comparison: String, brightness: String, value: String) {
        val phone = Phone()
        assertEquals(open, phone.text(R.id.open))
        assertEquals(phone.words(R.string.describe_empty), heard(phone.comparison))
        phone.openAndWait("upright.jpg")
        phone.slide(R.id.brightness, 45)
        assertTrue(heard(phone.comparison), heard(phone.comparison).startsWith(comparison))
        val bar = phone.view<SeekBar>(R.id.brightness)
        assertEquals(brightness, heard(bar))
        assertEquals(value, bar.createAccessibilityNodeInfo().stateDescription)
        assertEquals(value, phone.text(R.id.brightness_value))
        for (view in everything(phone.view(R.id.root))) {
            val isUsed = view.isFocusable || view.isClickable
            if (isUsed) assertTrue("$view says something", heard(view).isNotBlank())
        }
        val names = listOf(R.id.strength, R.id.brightness, R.id.warmth).map { heard(phone.view(it)) }
        assertEquals("no two sliders have the same name", 3, names.toSet().size)
        val notice = phone.view<View>(R.id.notice)
        assertEquals(View.ACCESSIBILITY_LIVE_REGION_POLITE, notice.accessibilityLiveRegion)
    }

    @Test
    fun aLineIsSetOnceSoThatItIsReadOutOnce() {
        val phone = Phone()
        val work = countChanges(phone, R.id.work_name)
        val notice = countChanges(phone, R.id.notice)
        phone.openAndWait("upright.jpg")
        phone.tap(R.id.save)
        phone.waitForWork()
        phone.slide(R.id.brightness, 45)
        phone.settle()
        assertEquals("opening, saving", 2, work.get())
        assertEquals("saved", 1, notice.get())
    }

    private fun countChanges(phone: Phone, id: Int): AtomicInteger {
        val changes = AtomicInteger()
        val watcher =
            object : TextWatcher {
                override fun beforeTextChanged(text: CharSequence, at: Int, before: Int, after: Int) = Unit

                override fun onTextChanged(text: CharSequence, at: Int, before: Int, after: Int) = Unit

                override fun afterTextChanged(text: Editable) {
                    changes.incrementAndGet()
                }
            }
        phone.view<TextView>(id).addTextChangedListener(watcher)
        return changes
    }

    private fun heard(view: View): String {
        val info = view.createAccessibilityNodeInfo()
        return (info.contentDescription ?: info.text ?: "").toString()
    }

    private fun everything(view: View): List<View> = if (view is ViewGroup) {
        (0 until view.childCount).flatMap { everything(view.getChildAt(it)) }
    } else {
        listOf(view)
    }

    /** Checks for WCAG's contrast of 4.5:1 in all visible and enabled texts. */
    private fun assertReadable(isDark: Boolean) {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        val background = phone.activity.getColor(R.color.background)
        assertEquals("dark", isDark, luminance(background) < 0.5)
        for (view in everything(phone.view(R.id.root))) {
            if (view is TextView && view.isShown && view.isEnabled) {
                val ratio = contrast(view.currentTextColor, background)
                assertTrue("${view.text}: $ratio", ratio >= 4.5)
            }
        }
        assertTrue(contrast(phone.activity.getColor(R.color.error), background) >= 4.5)
    }

    private fun contrast(first: Int, second: Int): Double {
        val (dark, light) = listOf(luminance(first), luminance(second)).sorted()
        return (light + 0.05) / (dark + 0.05)
    }

    private fun luminance(color: Int) = Color.luminance(color).toDouble()
}
