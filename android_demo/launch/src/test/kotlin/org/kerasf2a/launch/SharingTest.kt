package org.kerasf2a.launch

import android.content.Intent
import android.net.Uri
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.demo.MainActivity
import org.kerasf2a.demo.R
import org.robolectric.Shadows.shadowOf

/** Photographs from other apps, and results shared with them. */
class SharingTest : LaunchTest() {
    @Test
    fun theManifestOffersTheAppForPhotographsAlone() {
        val offers = mapOf("image/jpeg" to true, "image/heic" to true, "text/plain" to false)
        for ((type, isOffered) in offers) {
            val send = Intent(Intent.ACTION_SEND).setType(type)
            val found = app.packageManager.queryIntentActivities(send, 0)
            val names = found.map { it.activityInfo.name }
            assertEquals(type, isOffered, MainActivity::class.java.name in names)
        }
    }

    @Test
    fun aSharedPhotographIsCorrectedAtOnce() {
        val phone = Phone(shared(PhotographLender.address("upright.jpg")))
        phone.waitForWork()
        assertTrue(phone.text(R.id.summary).contains("1203\u00A0×\u00A0901"))
    }

    @Test
    fun aPhotographSharedToTheRunningAppReplacesTheOneInIt() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        phone.receive(shared(PhotographLender.address("rotated.jpg")))
        assertFalse("the old one is gone", phone.isShown(R.id.adjustment))
        phone.waitForWork()
        assertTrue(phone.text(R.id.summary).contains("750\u00A0×\u00A01000"))
    }

    @Test
    fun aPhotographThatWasSharedOnceIsNotOpenedAgainFromTheRecentApps() {
        val phone = Phone(shared(PhotographLender.address("upright.jpg")))
        phone.waitForWork()
        phone.leave()
        lender.beforeOpening = { throw SecurityException("lent for one visit") }
        val again = shared(PhotographLender.address("upright.jpg"))
        val recent = Phone(again.addFlags(Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY))
        recent.waitForWork()
        assertEquals("", recent.text(R.id.notice))
        assertTrue(recent.isShown(R.id.hint))
    }

    @Test
    fun aPathIsNotOpened() {
        val phone = Phone(shared(Uri.parse("file://${setting("photographs")}/upright.jpg")))
        phone.waitForWork()
        assertEquals(phone.words(R.string.error_unreadable), phone.text(R.id.notice))
    }

    @Test
    fun shareSavesFirstAndHandsOutTheSavedFile() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        phone.slide(R.id.strength, 60)
        phone.slide(R.id.brightness, 45)
        phone.tap(R.id.share)
        phone.waitForWork()
        val (saved) = gallery.kept.keys.toList()
        assertHandsOut(phone, saved)
        phone.answer(null)

        phone.turn()
        phone.tap(R.id.share)
        assertFalse("it is not saved twice", phone.isShown(R.id.work))
        assertEquals("it is not saved twice", 1, gallery.kept.size)
        assertHandsOut(phone, saved)
        phone.answer(null)

        phone.slide(R.id.warmth, 0)
        phone.tap(R.id.share)
        phone.waitForWork()
        assertEquals("it looks different now", 2, gallery.kept.size)
        assertNotEquals(saved, sent(phone).getParcelableExtra(Intent.EXTRA_STREAM, Uri::class.java))
    }

    @Test
    fun nothingIsSharedIfSavingFails() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        gallery.whenWriting = { throw java.io.FileNotFoundException("no room") }
        phone.tap(R.id.share)
        phone.waitForWork()
        assertEquals(phone.words(R.string.error_unwritable), phone.text(R.id.notice))
        gallery.whenWriting = {}
        phone.tap(R.id.save)
        phone.waitForWork()
        assertEquals("sharing was given up", 1, gallery.kept.size)
        assertEquals(phone.words(R.string.saved, "upright_ambient.jpg"), phone.text(R.id.notice))
    }

    @Test
    fun anotherPhotographIsNotSharedInThePlaceOfOneThatWasNotSaved() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        app.resultGate = Gate()
        phone.tap(R.id.share)
        phone.waitUntil("the result is corrected") { app.resultGate.isReached }
        phone.receive(shared(PhotographLender.address("rotated.jpg")))
        app.resultGate.open()
        phone.waitForWork()
        assertSavesWithoutSharing(phone)

        app.resultGate = Gate()
        phone.slide(R.id.warmth, 30)
        phone.tap(R.id.share)
        phone.waitUntil("the result is corrected") { app.resultGate.isReached }
        val restored = Phone(saved = phone.savedByKilledProcess())
        app.resultGate.open()
        phone.waitForWork()
        phone.answer(null) // The activity is not really killed here, so it still shares.
        restored.waitForWork()
        assertSavesWithoutSharing(restored)
    }

    private fun assertSavesWithoutSharing(phone: Phone) {
        phone.tap(R.id.save)
        phone.waitForWork()
        assertEquals(phone.words(R.string.saved, "rotated_ambient.jpg"), phone.text(R.id.notice))
        assertNull(shadowOf(phone.activity).peekNextStartedActivityForResult())
    }

    private fun assertHandsOut(phone: Phone, saved: Uri) {
        val chooser = phone.started()
        assertEquals(Intent.ACTION_CHOOSER, chooser.action)
        val send = sent(phone)
        assertEquals(Intent.ACTION_SEND, send.action)
        assertEquals("image/jpeg", send.type)
        assertEquals(saved, send.getParcelableExtra(Intent.EXTRA_STREAM, Uri::class.java))
        assertEquals(saved, send.clipData!!.getItemAt(0).uri)
        assertTrue(send.flags and Intent.FLAG_GRANT_READ_URI_PERMISSION != 0)
    }

    private fun sent(phone: Phone): Intent =
        phone.started().getParcelableExtra(Intent.EXTRA_INTENT, Intent::class.java)!!
}
