package org.kerasf2a.launch

import android.graphics.Bitmap
import android.net.Uri
import android.widget.SeekBar
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.demo.R
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.io.InputStream

/** Canceled tasks, rotated screens, and killed processes. */
class InterruptedTest : LaunchTest() {
    private val gate = Gate()

    @Test
    fun cancelWhileThePhotographIsFetched() {
        lender.beforeOpening = gate::pass
        cancelledOpening()
    }

    @Test
    fun cancelWhileTheNetworkRuns() {
        app.gate = gate
        cancelledOpening()
    }

    @Test
    fun cancelWhileThePhotographArrives() {
        val endless = object : InputStream() {
            override fun read() = 0
        }
        gate.open()
        val line =
            SlowLine(endless) {
                gate.pass()
                Thread.sleep(1)
            }
        val phone = Phone(shared(lent("endless.jpg", line)))
        phone.waitUntil("it arrives") { gate.isReached }
        phone.tap(R.id.cancel)
        phone.waitForWork()
        assertEquals(phone.words(R.string.cancelled), phone.text(R.id.notice))
        assertEquals("nothing is kept", 0, app.noBackupFilesDir.walk().count { it.isFile })
        phone.openAndWait("rotated.jpg")
    }

    @Test
    fun aPhotographThatArrivesAfterTheAppWasLeftDoesNotReplaceTheNextOne() {
        val photograph = File(setting("photographs"), "upright.jpg").inputStream()
        val left = Phone(shared(lent("late.jpg", SlowLine(photograph, gate::pass))))
        left.waitUntil("it arrives") { gate.isReached }
        left.leave()
        val phone = Phone()
        phone.openAndWait("rotated.jpg")
        val engines = app.openEngines
        gate.open()
        phone.waitUntil("the engine of the one that was left is closed") { app.openEngines < engines }
        val kept = app.noBackupFilesDir.walk().filter { it.isFile }.map { it.name }
        assertEquals(listOf("rotated.jpg"), kept.toList())
    }

    /** Provides a photograph and returns its URI. */
    private fun lent(name: String, content: InputStream): Uri = PhotographLender.address(name).also {
        shadowOf(app.contentResolver).registerInputStream(it, content)
    }

    private fun cancelledOpening() {
        val phone = Phone()
        phone.open("upright.jpg")
        phone.waitUntil("the work is held") { gate.isReached }
        phone.tap(R.id.cancel)
        gate.open()
        phone.waitForWork()
        assertEquals(phone.words(R.string.cancelled), phone.text(R.id.notice))
        assertTrue(phone.isShown(R.id.hint))
        assertFalse(phone.isShown(R.id.adjustment))
        phone.openAndWait("rotated.jpg")
    }

    @Test
    fun cancelWhileTheResultIsMade() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        app.resultGate = gate
        phone.tap(R.id.save)
        phone.waitUntil("the result is corrected") { gate.isReached }
        phone.tap(R.id.cancel)
        gate.open()
        phone.waitForWork()
        assertEquals(phone.words(R.string.cancelled), phone.text(R.id.notice))
        assertEquals(0, gallery.kept.size)
        assertEquals("nothing is left on the way", 0, app.cacheDir.listFiles()!!.size)
        phone.tap(R.id.save)
        phone.waitForWork()
        assertEquals(1, gallery.kept.size)
    }

    @Test
    fun cancelWhileTheResultIsWritten() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        gallery.whenWriting = gate::pass
        phone.tap(R.id.save)
        phone.waitUntil("the file is opened") { gate.isReached }
        phone.tap(R.id.cancel)
        gate.open()
        phone.waitForWork()
        assertEquals(phone.words(R.string.cancelled), phone.text(R.id.notice))
        assertEquals(0, gallery.kept.size)
    }

    @Test
    fun turnedWhileTheNetworkRuns() {
        app.gate = gate
        val phone = Phone()
        phone.open("upright.jpg")
        phone.waitUntil("the network is held") { gate.isReached }
        phone.turn()
        assertTrue(phone.isShown(R.id.work))
        gate.open()
        phone.waitForWork()
        assertTrue(phone.text(R.id.summary).contains("1203\u00A0×\u00A0901"))
    }

    @Test
    fun turnedWhileTheResultIsWritten() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        gallery.whenWriting = gate::pass
        phone.tap(R.id.save)
        phone.waitUntil("the file is opened") { gate.isReached }
        phone.turn()
        assertEquals(phone.words(R.string.work_saving), phone.text(R.id.work_name))
        gate.open()
        phone.waitForWork()
        assertEquals(phone.words(R.string.saved, "upright_ambient.jpg"), phone.text(R.id.notice))
    }

    @Test
    fun turnedTwiceTheScreenIsWhatItWas() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        adjust(phone)
        val before = phone.picture()
        phone.turn()
        phone.turn()
        phone.settle()
        assertAdjusted(phone)
        assertSame(before, phone.picture())
        assertEquals("the network was not opened again", 1, app.openEngines)
    }

    @Test
    fun aKilledProcessTakesThePhotographUpAgain() {
        val killed = Phone()
        killed.openAndWait("upright.jpg")
        adjust(killed)
        val before = killed.picture()
        lender.beforeOpening = { throw SecurityException("lent to a process that is gone") }

        val phone = Phone(saved = killed.savedByKilledProcess())
        phone.waitForWork()
        phone.settle()
        assertEquals("", phone.text(R.id.notice))
        assertAdjusted(phone)
        assertSame(before, phone.picture())
    }

    @Test
    fun aKilledProcessWithoutAPhotographStartsEmpty() {
        val phone = Phone(saved = Phone().savedByKilledProcess())
        assertFalse(phone.isShown(R.id.work))
        phone.settle()
        assertTrue(phone.isShown(R.id.hint))
        assertEquals("", phone.text(R.id.notice))
    }

    @Test
    fun leavingClosesTheNetworkAndTheNextStartForgetsThePhotograph() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        phone.leave()
        phone.waitUntil("the network is closed") { app.openEngines == 0 }
        val kept = File(app.noBackupFilesDir, "photograph")
        assertEquals(1, kept.listFiles()!!.size)
        val next = Phone()
        next.waitUntil("it is forgotten") { kept.listFiles()!!.isEmpty() }
        assertTrue(next.isShown(R.id.hint))
    }

    @Test
    fun aStartWithAPhotographThatCannotBeReadForgetsTheEarlierOneToo() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        val unfinished = File(app.cacheDir, "result.jpg").apply { writeText("of a killed process") }
        phone.leave()
        val next = Phone(shared(PhotographLender.address("gone.jpg")))
        next.waitForWork()
        assertEquals(next.words(R.string.error_unreadable), next.text(R.id.notice))
        assertEquals(0, app.noBackupFilesDir.walk().count { it.isFile })
        assertFalse(unfinished.exists())
    }

    @Test
    fun leavingWhileTheNetworkRunsIsNoTrouble() {
        app.gate = gate
        val phone = Phone()
        phone.open("upright.jpg")
        phone.waitUntil("the network is held") { gate.isReached }
        phone.leave()
        gate.open()
        phone.waitUntil("the network is closed") { app.openEngines == 0 }
    }

    private fun assertSame(before: Bitmap, now: Bitmap) {
        assertEquals(before.width to before.height, now.width to now.height)
        assertTrue("the same picture", before.sameAs(now))
    }

    private fun adjust(phone: Phone) {
        phone.slide(R.id.strength, 40)
        phone.slide(R.id.brightness, 45)
        phone.slide(R.id.warmth, 30)
        phone.comparison.divider = 0.25f
        phone.settle()
    }

    private fun assertAdjusted(phone: Phone) {
        assertEquals(40, phone.view<SeekBar>(R.id.strength).progress)
        assertEquals(45, phone.view<SeekBar>(R.id.brightness).progress)
        assertEquals(30, phone.view<SeekBar>(R.id.warmth).progress)
        assertEquals("+1.5 EV", phone.text(R.id.brightness_value))
        assertEquals(0.25f, phone.comparison.divider, 0f)
    }
}
