package org.kerasf2a.launch

import android.content.Intent
import android.net.Uri
import org.junit.Assert.assertEquals
import org.junit.Before
import org.junit.Test
import org.kerasf2a.demo.R
import org.robolectric.Robolectric
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.File

/** The oldest Android: another picker, and no gallery access, so the user chooses where to save. */
@Config(sdk = [OLDEST])
@GraphicsMode(GraphicsMode.Mode.LEGACY) // Native drawing requires Android 8.
class OldestAndroidTest : LaunchTest() {
    private lateinit var documents: FileKeeper

    @Before
    fun installDocuments() {
        documents = Robolectric.setupContentProvider(FileKeeper::class.java, "org.kerasf2a.documents")
    }

    @Test
    fun aPhotographIsOpenedAndSavedWhereTheUserSays() {
        val phone = Phone()
        phone.tap(R.id.open)
        assertEquals(Intent.ACTION_OPEN_DOCUMENT, phone.started().action)
        assertEquals("image/*", phone.started().type)
        phone.answer(null)
        phone.openAndWait("rotated.jpg")
        phone.slide(R.id.brightness, 45)
        phone.tap(R.id.save)
        assertEquals(Intent.ACTION_CREATE_DOCUMENT, phone.started().action)
        assertEquals("image/jpeg", phone.started().type)
        assertEquals("rotated_ambient.jpg", phone.started().getStringExtra(Intent.EXTRA_TITLE))
        phone.answer(Intent().setData(document("mine.jpg")))
        phone.waitForWork()
        assertEquals(phone.words(R.string.saved_document, "mine.jpg"), phone.text(R.id.notice))
        documents.kept.values.single().file.copyTo(File(setting("output"), "saved/oldest.jpg"))
    }

    @Test
    fun anEmptyDocumentDoesNotStayBehind() {
        val phone = Phone()
        phone.openAndWait("rotated.jpg")
        documents.whenWriting = { throw java.io.FileNotFoundException("no room") }
        phone.tap(R.id.save)
        phone.answer(Intent().setData(document("mine.jpg")))
        phone.waitForWork()
        assertEquals(phone.words(R.string.error_unwritable), phone.text(R.id.notice))
        assertEquals(0, documents.kept.size)
    }

    @Test
    fun theProcessIsKilledWhileAPlaceIsChosen() {
        val phone = killedWhileAPlaceIsChosen("wide.jpg")
        phone.waitForWork()
        phone.waitUntil("it is saved") { phone.text(R.id.notice).isNotEmpty() }
        assertEquals(phone.words(R.string.saved_document, "mine.jpg"), phone.text(R.id.notice))
        documents.kept.values.single().file.copyTo(File(setting("output"), "saved/oldest_wide.jpg"))
    }

    @Test
    fun aPlaceIsGivenUpWithItsPhotograph() {
        val ends =
            listOf<(Phone) -> Unit>(
                { app.fault = "no reason" },
                { it.tap(R.id.cancel) },
                { it.receive(shared(PhotographLender.address("wide.jpg"))) },
                { it.leave() },
            )
        for (end in ends) {
            val gate = Gate()
            val phone = killedWhileAPlaceIsChosen("rotated.jpg", gate)
            phone.waitUntil("the network is held") { gate.isReached }
            end(phone)
            gate.open()
            phone.waitUntil("the empty document is gone") { documents.kept.isEmpty() }
            app.fault = null
            if (phone.activity.isDestroyed) continue
            phone.waitForWork()
            phone.openAndWait("rotated.jpg")
            assertEquals("the next one is not saved there", 0, documents.kept.size)
        }
    }

    @Test
    fun aFileThatWasChosenToBeReplacedKeepsWhatItHolds() {
        val gate = Gate()
        val phone = killedWhileAPlaceIsChosen("rotated.jpg", gate)
        documents.kept.values.single().file.writeText("of somebody")
        phone.waitUntil("the network is held") { gate.isReached }
        phone.tap(R.id.cancel)
        gate.open()
        phone.waitForWork()
        phone.openAndWait("rotated.jpg") // No earlier task is pending.
        assertEquals("of somebody", documents.kept.values.single().file.readText())
    }

    /**
     * Opens and saves. The process is killed before the user chooses a document, and restored up to
     * the gate.
     */
    private fun killedWhileAPlaceIsChosen(photograph: String, gate: Gate = Gate(isOpen = true)): Phone {
        val killed = Phone()
        killed.openAndWait(photograph)
        killed.tap(R.id.save)
        app.gate = gate
        val phone = Phone(saved = killed.savedByKilledProcess())
        val asked = shadowOf(killed.activity).nextStartedActivityForResult.intent
        phone.activity.startActivityForResult(asked, 2)
        phone.answer(Intent().setData(document("mine.jpg")))
        return phone
    }

    private fun document(name: String): Uri {
        val values = android.content.ContentValues().apply { put("_display_name", name) }
        return documents.insert(Uri.parse("content://org.kerasf2a.documents"), values)
    }
}
