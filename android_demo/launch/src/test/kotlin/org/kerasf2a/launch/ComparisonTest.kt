package org.kerasf2a.launch

import android.graphics.Bitmap
import android.view.KeyEvent
import android.view.MotionEvent
import android.view.accessibility.AccessibilityNodeInfo
import android.view.accessibility.AccessibilityNodeInfo.AccessibilityAction
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.demo.R

/** Before and after on the screen: the divider, and the sliders' effect on the picture. */
class ComparisonTest : LaunchTest() {
    @Test
    fun theDividerFollowsTheFinger() {
        val phone = opened()
        val view = phone.comparison
        touch(phone, MotionEvent.ACTION_DOWN, 0.5f)
        touch(phone, MotionEvent.ACTION_MOVE, 0.8f)
        assertEquals(0.8f, view.divider, 0.01f)
        touch(phone, MotionEvent.ACTION_MOVE, -0.3f)
        assertEquals(0f, view.divider, 0f)
        touch(phone, MotionEvent.ACTION_UP, 0.2f)
        assertEquals(0.2f, view.divider, 0.01f)
    }

    @Test
    fun theDividerFollowsKeysAndScreenReaders() {
        val phone = opened()
        val view = phone.comparison
        view.dispatchKeyEvent(KeyEvent(KeyEvent.ACTION_DOWN, KeyEvent.KEYCODE_DPAD_LEFT))
        assertEquals(0.45f, view.divider, 0.001f)
        view.performAccessibilityAction(AccessibilityNodeInfo.ACTION_SCROLL_FORWARD, null)
        assertEquals(0.5f, view.divider, 0.001f)
        val percent = android.os.Bundle()
        percent.putFloat(AccessibilityNodeInfo.ACTION_ARGUMENT_PROGRESS_VALUE, 30f)
        view.performAccessibilityAction(AccessibilityAction.ACTION_SET_PROGRESS.id, percent)
        assertEquals(0.3f, view.divider, 0.001f)
        val heard = view.contentDescription
        assertTrue("$heard", heard.endsWith(phone.words(R.string.describe_divider, 30)))
        val info = view.createAccessibilityNodeInfo()
        assertEquals("android.widget.SeekBar", info.className)
        assertEquals(30f, info.rangeInfo.current, 0.01f)
    }

    @Test
    fun beforeIsOnTheLeftAndAfterOnTheRight() {
        val phone = opened()
        phone.slide(R.id.brightness, 60)
        phone.settle()
        phone.comparison.divider = 1f
        val before = phone.picture()
        phone.comparison.divider = 0f
        val after = phone.picture()
        phone.comparison.divider = 0.5f
        val both = phone.picture()
        val row = clearRow(both)
        for (column in listOf(0.1f, 0.3f).map { (it * both.width).toInt() }) {
            assertEquals(before.getPixel(column, row), both.getPixel(column, row))
            assertNotEquals(after.getPixel(column, row), both.getPixel(column, row))
        }
        for (column in listOf(0.7f, 0.9f).map { (it * both.width).toInt() }) {
            assertEquals(after.getPixel(column, row), both.getPixel(column, row))
        }
    }

    @Test
    fun eachSliderChangesThePictureAtOnce() {
        val phone = opened()
        phone.comparison.divider = 0f
        val pictures = mutableListOf(phone.picture())
        val moves = listOf(R.id.strength to 0, R.id.brightness to 50, R.id.warmth to 40)
        for ((slider, progress) in moves) {
            phone.slide(slider, progress)
            phone.settle()
            val now = phone.picture()
            assertFalse(phone.name(slider), pictures.last().sameAs(now))
            pictures += now
        }
        assertTrue(brightness(pictures[2]) > brightness(pictures[1]))
        assertTrue(redness(pictures[3]) > redness(pictures[2]))
        phone.slide(R.id.brightness, 30)
        phone.slide(R.id.warmth, 20)
        phone.settle()
        phone.comparison.divider = 1f
        val original = phone.picture()
        phone.comparison.divider = 0f
        assertEquals("at strength 0", pixels(original), pixels(phone.picture()))
    }

    private fun opened() = Phone().apply { openAndWait("upright.jpg") }

    private fun touch(phone: Phone, action: Int, share: Float) {
        val view = phone.comparison
        val event = MotionEvent.obtain(0, 0, action, view.width * share, view.height / 2f, 0)
        view.dispatchTouchEvent(event)
        event.recycle()
        phone.idle()
    }

    private fun pixels(picture: Bitmap): List<Int> {
        val row = IntArray(picture.width)
        picture.getPixels(row, 0, picture.width, 0, clearRow(picture), picture.width, 1)
        return row.slice(picture.width / 5 until picture.width / 5 * 4)
    }

    /** Returns a row of the photograph, which fills the width, below labels and handle. */
    private fun clearRow(picture: Bitmap) = picture.height / 2 + picture.width / 4

    private fun brightness(picture: Bitmap) = pixels(picture).map { it shr 8 and 0xFF }.average()

    private fun redness(picture: Bitmap) =
        pixels(picture).map { (it shr 16 and 0xFF) - (it and 0xFF) }.average()
}
