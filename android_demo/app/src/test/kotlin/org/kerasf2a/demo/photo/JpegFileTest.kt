package org.kerasf2a.demo.photo

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.File
import java.io.RandomAccessFile

class JpegFileTest {
    @get:Rule val folder = TemporaryFolder()

    private val block = ByteArray(100) { it.toByte() }
    private val exif = segment(0xE1, join(EXIF_NAME, block))
    private val xmp = segment(0xE1, "http://ns.adobe.com/xap/1.0/".toByteArray())
    private val photo = join(START, exif, JFIF, PIXELS, END)

    private fun file(content: ByteArray): File = folder.newFile().apply { writeBytes(content) }

    private fun read(vararg pieces: ByteArray) = JpegFile(file(join(*pieces))).read()

    private fun readJpeg(vararg pieces: ByteArray) = checkNotNull(read(*pieces))

    @Test
    fun theExifBlockIsFoundWhereverItIs() {
        assertArrayEquals(block, readJpeg(photo).exif)
        assertArrayEquals(block, readJpeg(START, JFIF, exif, PIXELS, END).exif)
        assertArrayEquals(block, readJpeg(START, xmp, exif, PIXELS, END).exif)
        // Any number of 0xFF bytes may precede a marker.
        assertArrayEquals(block, readJpeg(START, bytesOf(0xFF, 0xFF), exif, PIXELS, END).exif)
    }

    @Test
    fun theFirstOfTwoCounts() {
        val other = segment(0xE1, join(EXIF_NAME, "II".toByteArray(), bytesOf(42, 0, 1, 2, 3)))
        assertArrayEquals(block, readJpeg(START, exif, other, PIXELS, END).exif)
    }

    @Test
    fun theSegmentsOfALargeBlockAreJoined() {
        val more = bytesOf(1, 2, 3)
        val rest = segment(0xE1, join(EXIF_NAME, more))
        assertArrayEquals(join(block, more), readJpeg(START, exif, rest, PIXELS, END).exif)
    }

    @Test
    fun aFileMayHaveNone() {
        assertNull(readJpeg(START, JFIF, PIXELS, END).exif)
        assertNull(readJpeg(START, xmp, PIXELS, END).exif)
        assertNull(readJpeg(START, segment(0xE1, EXIF_NAME), PIXELS, END).exif)
        assertNull(readJpeg(START, segment(0xE1, bytesOf()), PIXELS, END).exif)
    }

    @Test
    fun aFrameOfOneComponentIsGray() {
        fun frame(marker: Int, components: Int) = segment(marker, bytesOf(8, 0, 9, 0, 9, components))
        val table = segment(0xC4, bytesOf(0, 0, 0, 0, 0, 1))
        for (marker in listOf(0xC0, 0xC1, 0xC2)) {
            assertTrue(readJpeg(START, table, frame(marker, 1), PIXELS, END).isGray)
            assertFalse(readJpeg(START, table, frame(marker, 3), PIXELS, END).isGray)
        }
        assertFalse(readJpeg(START, table, PIXELS, END).isGray)
        assertFalse(readJpeg(START, segment(0xC0, bytesOf(8)), PIXELS, END).isGray)
    }

    @Test
    fun onlyAFileThatGoesOnToItsEndIsWhole() {
        assertTrue(readJpeg(photo).isComplete)
        for (length in START.size + 2 until photo.size) {
            assertFalse("$length bytes", readJpeg(photo.copyOf(length)).isComplete)
        }
    }

    @Test
    fun whatFollowsTheEndDoesNotMatter() {
        for (count in 0..5) assertTrue(readJpeg(photo, ByteArray(count)).isComplete)
        assertTrue(readJpeg(photo, START, exif).isComplete)
    }

    @Test
    fun theEndOfAPreviewIsNotTheEndOfThePicture() {
        val preview = segment(0xE1, join(EXIF_NAME, block, START, PIXELS, END))
        assertFalse(readJpeg(START, preview, PIXELS).isComplete)
        assertTrue(readJpeg(START, preview, PIXELS, END).isComplete)
    }

    @Test
    fun whatIsNoJpegIsNotRead() {
        assertNull(read())
        assertNull(read(START))
        assertNull(read(bytesOf(0xFF, 0xD9, 0xFF, 0xD8)))
        assertNull(read("RIFF....WEBP".toByteArray()))
        assertNull(JpegFile(File(folder.root, "gone")).read())
    }

    @Test
    fun aSegmentOfNoLengthDoesNotHoldItUp() {
        assertTrue(readJpeg(START, bytesOf(0xFF, 0xE2, 0, 0), exif, PIXELS, END).isComplete)
        assertFalse(readJpeg(START, bytesOf(0xFF, 0xE2, 0xFF, 0xFF), END).isComplete)
    }

    @Test
    fun aFileBeyondTwoGigabytesIsRead() {
        val long = file(photo)
        RandomAccessFile(long, "rw").use { it.setLength(1L shl 31) }
        val content = checkNotNull(JpegFile(long).read())
        assertTrue(content.isComplete)
        assertArrayEquals(block, content.exif)
    }
}
