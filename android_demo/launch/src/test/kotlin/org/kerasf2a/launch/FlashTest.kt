package org.kerasf2a.launch

import org.junit.Assert.assertEquals
import org.junit.Test
import org.kerasf2a.demo.photo.PhotoDecoder
import java.io.File

/** What a photograph's file says about the flash. */
class FlashTest : LaunchTest() {
    private val decoder = PhotoDecoder { 1L shl 30 }

    @Test
    fun bit0SaysWhetherItFired() {
        val values = listOf(0, 1, 16, 24, 25)
        assertEquals(values.map { it % 2 == 1 }, values.map { said("flash_$it.jpg") })
    }

    @Test
    fun filesOfOtherFormatsTellToo() {
        for (format in listOf("png", "webp")) assertEquals(format, true, said("flash_1.$format"))
    }

    @Test
    fun whatDoesNotTellIsNotTakenForAnAnswer() {
        for (name in listOf("upright.jpg", "upright.png", "described.jpg", "flash_cut.jpg")) {
            assertEquals(name, null, said(name))
        }
    }

    private fun said(name: String) = decoder.inspect(File(setting("photographs"), name)).flashFired
}
