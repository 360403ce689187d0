package org.kerasf2a.launch

import android.content.Intent
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.demo.R
import org.robolectric.Shadows.shadowOf

/** From an empty screen to a corrected photograph. */
class CorrectingTest : LaunchTest() {
    @Test
    fun theAppStartsEmpty() {
        val phone = Phone()
        assertTrue(phone.isShown(R.id.hint))
        for (id in listOf(R.id.work, R.id.notice, R.id.adjustment, R.id.summary)) {
            assertFalse(phone.name(id), phone.isShown(id))
        }
    }

    @Test
    fun aPhotographIsOpenedAndCorrected() {
        val phone = Phone()
        phone.open("upright.jpg")
        assertEquals(phone.words(R.string.work_opening), phone.text(R.id.work_name))
        phone.waitForWork()
        assertEquals("", phone.text(R.id.notice))
        assertTrue(phone.text(R.id.summary), phone.text(R.id.summary).contains("1203\u00A0×\u00A0901"))
        assertFalse(phone.isShown(R.id.hint))
    }

    @Test
    fun aPhoneWithoutAPickerIsToldSo() {
        shadowOf(app).checkActivities(true)
        val phone = Phone()
        phone.tap(R.id.open)
        assertEquals(phone.words(R.string.error_no_app), phone.text(R.id.notice))
    }

    @Test
    fun whoChoosesNothingKeepsThePhotograph() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        phone.tap(R.id.open)
        // The photo picker would strip the location from EXIF.
        assertEquals(Intent.ACTION_OPEN_DOCUMENT, phone.started().action)
        phone.answer(null)
        assertFalse(phone.isShown(R.id.work))
        assertTrue(phone.isShown(R.id.adjustment))
    }
}
