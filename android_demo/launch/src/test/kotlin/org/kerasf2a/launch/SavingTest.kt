package org.kerasf2a.launch

import android.graphics.Color
import android.provider.MediaStore.MediaColumns
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.demo.R
import java.io.File

/** Results in the gallery. The launcher's caller checks the saved files. */
class SavingTest : LaunchTest() {
    @Test
    fun aPhotograph() = save("upright.jpg", "upright")

    @Test
    fun aPhotographThatIsStoredRotated() = save("rotated.jpg", "rotated")

    @Test
    fun aPhotographInAnotherFormat() = save("upright.png", "from_png")

    @Test
    fun aPhotographWithEverySliderMoved() = save("rotated.jpg", "adjusted") { phone ->
        phone.slide(R.id.strength, 60)
        phone.slide(R.id.brightness, 42)
        phone.slide(R.id.warmth, 6)
        assertEquals("60%", phone.text(R.id.strength_value))
        assertEquals("+1.2 EV", phone.text(R.id.brightness_value))
        assertEquals("-70", phone.text(R.id.warmth_value))
    }

    @Test
    fun aPhotographWithoutColors() = save("gray.jpg", "gray") { phone ->
        phone.slide(R.id.warmth, 30)
        phone.comparison.divider = 0f
        phone.settle()
        val picture = phone.picture()
        val shown = picture.getPixel(picture.width / 5, picture.height / 2 + picture.width / 4)
        assertEquals("gray on the screen", Color.red(shown), Color.blue(shown))
    }

    @Test
    fun aPhotographWithEverythingThatPhonesWrite() {
        val phone = Phone()
        val video = phone.words(R.string.left_out_video)
        save("described.jpg", "described", phone.words(R.string.left_out, video))
    }

    @Test
    fun aPhotographThatDoesNotFitIntoMemory() {
        // A megapixel takes 4 MB on top of the reserved 64 MB, and the app uses half of the free
        // memory.
        giveMemory(2 * ((64L shl 20) + 4 * 500_000))
        save("upright.jpg", "reduced") { phone ->
            val summary = phone.text(R.id.summary)
            assertTrue(summary, summary.contains("602\u00A0×\u00A0451"))
            assertTrue(summary, summary.contains("1203\u00A0×\u00A0901"))
        }
    }

    @Test
    fun nobodySeesAHalfWrittenFile() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        var pending = -1
        gallery.whenWriting = {
            pending = gallery.kept.values.single().values.getAsInteger(MediaColumns.IS_PENDING)
        }
        phone.tap(R.id.save)
        phone.waitForWork()
        assertEquals("while it is written", 1, pending)
        val values = gallery.kept.values.single().values
        assertEquals("afterwards", 0, values.getAsInteger(MediaColumns.IS_PENDING))
    }

    @Test
    fun nothingIsLeftInTheGalleryIfItCannotBeWritten() {
        val phone = Phone()
        phone.openAndWait("upright.jpg")
        val faults =
            listOf(
                java.io.FileNotFoundException("no room"),
                SecurityException("not yours"),
                IllegalStateException("the gallery is being cleaned"),
            )
        for (fault in faults) {
            gallery.whenWriting = { throw fault }
            phone.tap(R.id.save)
            phone.waitForWork()
            assertEquals("$fault", phone.words(R.string.error_unwritable), phone.text(R.id.notice))
            assertEquals("$fault", 0, gallery.kept.size)
        }
        gallery.whenWriting = {}
        phone.tap(R.id.save)
        phone.waitForWork()
        assertEquals(1, gallery.kept.size)
    }

    /** Opens, adjusts and saves. The file is copied to NAME.jpg in the launcher's folder. */
    private fun save(
        photograph: String,
        name: String,
        leftOut: String? = null,
        adjust: (Phone) -> Unit = {},
    ) {
        val phone = Phone()
        phone.openAndWait(photograph)
        adjust(phone)
        phone.tap(R.id.save)
        assertEquals(phone.words(R.string.work_saving), phone.text(R.id.work_name))
        phone.waitForWork()
        val title = "${photograph.substringBefore('.')}_ambient.jpg"
        val lines = listOfNotNull(phone.words(R.string.saved, title), leftOut)
        assertEquals(lines.joinToString("\n"), phone.text(R.id.notice))
        val kept = gallery.kept.values.single()
        assertEquals(title, kept.values.getAsString(MediaColumns.DISPLAY_NAME))
        assertEquals("image/jpeg", kept.values.getAsString(MediaColumns.MIME_TYPE))
        assertEquals("Pictures", kept.values.getAsString(MediaColumns.RELATIVE_PATH))
        kept.file.copyTo(File(setting("output"), "saved/$name.jpg"))
        assertEquals("nothing is left on the way", 0, app.cacheDir.listFiles()!!.size)
    }
}
