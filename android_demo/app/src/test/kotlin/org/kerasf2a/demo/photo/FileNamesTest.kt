package org.kerasf2a.demo.photo

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class FileNamesTest {
    @Test
    fun aNameStays() {
        for (name in listOf("IMG_0001.JPG", "Ana y José.png", "\u5199\u771F.jpg", "photo")) {
            assertEquals(name, fileNameOf(name))
        }
    }

    @Test
    fun aPathIsNoName() {
        assertEquals("_.._secret.jpg", fileNameOf("/../secret.jpg"))
        assertEquals("a_b.jpg", fileNameOf("a\nb.jpg"))
        for (name in listOf(null, "", "..", " . ")) assertEquals("$name", "photo.jpg", fileNameOf(name))
    }

    @Test
    fun aLongNameFitsEveryFileSystemAndKeepsItsEnd() {
        for (letter in listOf("x", "\u00E9", "\u5199", "\uD83D\uDCF7", "\uD83D")) {
            val name = fileNameOf(letter.repeat(90_000) + ".jpg")
            val bytes = name.toByteArray().size
            assertTrue("$bytes bytes", bytes in 190..200)
            assertTrue(name, name.endsWith("$letter.jpg"))
            assertEquals(name, "", name.removeSuffix(".jpg").replace(letter, ""))
        }
    }
}
