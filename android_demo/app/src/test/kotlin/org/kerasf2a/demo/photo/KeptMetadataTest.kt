package org.kerasf2a.demo.photo

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.ByteArrayOutputStream
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder

class KeptMetadataTest {
    @get:Rule val folder = TemporaryFolder()

    private val profile = segment(0xE2, "ICC_PROFILE".toByteArray())
    private val pixels = join(START, JFIF, profile, PIXELS, END)

    /** Returns a file's result at 400 x 300 stored pixels with EXIF orientation 6. */
    private fun kept(vararg pieces: ByteArray): JpegFile.Content {
        val target = ByteArrayOutputStream()
        metadata(*pieces).write(file(pixels), target)
        return checkNotNull(JpegFile(file(target.toByteArray())).read())
    }

    private fun metadata(vararg pieces: ByteArray) =
        KeptMetadata.of(checkNotNull(JpegFile(file(join(*pieces))).read()), 400, 300, 6)

    private fun file(content: ByteArray): File = folder.newFile().apply { writeBytes(content) }

    private fun packet(content: JpegFile.Content) = String(Xmp.of(content.segments).packet)

    private fun xmp(text: String) = segment(0xE1, PACKET_NAME + text.toByteArray())

    private fun described(content: String, more: String = "") =
        "<?xpacket?><r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">" +
            "<r:Description r:about='' $content>$more</r:Description></r:RDF>  <?xpacket end='w'?>"

    @Test
    fun thePixelsWithTheirProfileAreThoseOfTheResult() {
        val result = kept(START, JFIF, xmp("<a/>"), PIXELS, END)
        val whole = copyOf(result.bytes, 0, result.bytes.limit())
        // Rotated pixels without an EXIF block get one with their orientation.
        val block = segment(0xE1, join(EXIF_NAME, exifOf(6)))
        assertArrayEquals(join(START, JFIF, block, xmp("<a/>"), profile, PIXELS, END), whole)
    }

    @Test
    fun aProfileOfColorsIsKeptWhereNothingElseWritesOne() {
        fun profile(space: String) = listOf(1, 2).map { part ->
            val start = join("ICC_PROFILE".toByteArray(), bytesOf(0, part, 2))
            segment(0xE2, join(start, ByteArray(16), space.toByteArray(), bytesOf(part)))
        }
        for ((space, isKept) in mapOf("RGB " to true, "GRAY" to false, "CMYK" to false)) {
            val (first, second) = profile(space)
            val content = JpegFile(file(join(START, JFIF, second, first, PIXELS, END))).read()!!
            for (isAsked in listOf(true, false)) {
                val target = ByteArrayOutputStream()
                KeptMetadata.of(content, 400, 300, 1, isAsked).write(file(join(START, PIXELS, END)), target)
                val kept = if (isKept && isAsked) join(second, first) else bytesOf()
                assertArrayEquals(space, join(START, kept, PIXELS, END), target.toByteArray())
            }
        }
    }

    @Test
    fun captionsStayByteForByteAndTheirPreviewGoes() {
        fun photoshop(vararg blocks: ByteArray) = segment(0xED, join(PHOTOSHOP, *blocks))
        fun block(number: Int, name: String, data: ByteArray): ByteArray {
            val head = bytesOf(number shr 8, number and 0xFF, name.length)
            val padding = ByteArray(if (name.length % 2 == 0) 1 else 0)
            val end = ByteArray(data.size % 2)
            val size = bytesOf(0, 0, 0, data.size)
            return join("8BIM".toByteArray(), head, name.toByteArray(), padding, size, data, end)
        }
        val caption = block(0x0404, "", "a caption".toByteArray())
        val preview = block(0x040C, "odd", bytesOf(1, 2, 3))
        val odd = photoshop(caption, "what is no block".toByteArray())
        for (
        (before, after) in
        listOf(odd to odd, photoshop(caption, preview, caption) to photoshop(caption, caption))
        ) {
            val result = kept(START, before, PIXELS, END).segments.filter { it.marker == APP13 }
            assertArrayEquals(after, result.single().bytes())
        }
    }

    @Test
    fun xmpFitsThePixelsAndEveryOtherByteStays() {
        val tiff = "xmlns:t=\"http://ns.adobe.com/tiff/1.0/\" xmlns:x='http://ns.adobe.com/xap/1.0/'"
        val before =
            described(
                "$tiff t:Orientation = '8' t:ImageWidth=\"1\" x:Rating='5'",
                "<t:ImageLength> 2 </t:ImageLength><x:Thumbnails><r:li>old</r:li></x:Thumbnails>",
            )
        val after =
            described(
                "$tiff t:Orientation = '6' t:ImageWidth=\"400\" x:Rating='5'",
                "<t:ImageLength>300</t:ImageLength>",
            )
        assertEquals(after, packet(kept(START, xmp(before), PIXELS, END)))
    }

    @Test
    fun anExtensionIsCutAndNamedAnew() {
        val note = "xmlns:n=\"http://ns.adobe.com/xmp/note/\" n:HasExtendedXMP="
        val extension = "<x>${"y".repeat(100_000)}</x>".toByteArray()
        val named = Xmp(described("$note\"old\"").toByteArray(), extension)
        val pieces = named.segments().map { it.bytes() }.toTypedArray()
        assertEquals(3, pieces.size)
        val result = kept(START, *pieces, PIXELS, END)
        assertArrayEquals(extension, Xmp.of(result.segments).extension)
        val cut = kept(START, pieces[0], pieces[1], PIXELS, END)
        assertEquals(0, Xmp.of(cut.segments).extension.size)
        assertFalse("none is named", packet(cut).contains("HasExtendedXMP"))
    }

    @Test
    fun aBlockOfMoreThanASegmentIsKept() {
        val sample = ExifSample(ByteOrder.BIG_ENDIAN, listOf(Entry(0x0100, LONG, 9)), emptyList())
        val block = join(sample.bytes, ByteArray(90_000) { (it % 251).toByte() })
        val cut = partsOf(block, 60_000).map { segment(0xE1, join(EXIF_NAME, it)) }.toTypedArray()
        val result = checkNotNull(kept(START, *cut, PIXELS, END).exif)
        assertEquals(400, sample.main(result, 0x0100))
        assertArrayEquals(block.copyOfRange(1000, block.size), result.copyOfRange(1000, result.size))
    }

    @Test
    fun ofADamagedBlockTheOrientationIsLeft() {
        val odd = segment(0xE1, join(EXIF_NAME, "no TIFF structure".toByteArray()))
        assertArrayEquals(exifOf(6), kept(START, odd, PIXELS, END).exif)
        val upright = checkNotNull(JpegFile(file(join(START, odd, PIXELS, END))).read())
        val target = ByteArrayOutputStream()
        KeptMetadata.of(upright, 400, 300, 1).write(file(pixels), target)
        assertNull(checkNotNull(JpegFile(file(target.toByteArray())).read()).exif)
    }

    @Test
    fun theGainMapStaysAndTheIndexNamesItsPlace() {
        val list =
            "<c:Directory xmlns:c='http://ns.google.com/photos/1.0/container/' " +
                "xmlns:i='http://ns.google.com/photos/1.0/container/item/'>" +
                "<r:li><c:Item i:Semantic='Primary' i:Padding='7'/></r:li>" +
                "<r:li><c:Item i:Semantic='GainMap' i:Length='12345'/></r:li>" +
                "<r:li><c:Item i:Semantic='MotionPhoto' i:Length='9'/></r:li></c:Directory>"
        val numbers = "xmlns:h='http://ns.adobe.com/hdr-gain-map/1.0/' h:Version='1.0'"
        val map = join(START, xmp(described(numbers)), PIXELS, END)
        val other = join(START, PIXELS, END)
        val film = join(bytesOf(0, 0, 0, 24), "ftypmp42".toByteArray(), ByteArray(40))
        val pieces = arrayOf(START, xmp(described(numbers, list)), PIXELS, END, other, map, film)
        val result = kept(*pieces)
        val end = checkNotNull(result.end)
        assertArrayEquals(map, copyOf(result.bytes, end, result.bytes.limit()))
        val packet = packet(result)
        assertTrue(packet, packet.contains("i:Semantic='GainMap' i:Length='${map.size}'"))
        assertTrue(packet, packet.contains("i:Semantic='Primary' i:Padding='0'"))
        assertFalse(packet, packet.contains("MotionPhoto"))
        val index = checkNotNull(find(result.bytes, "MPF\u0000".toByteArray(), 0)) + 4
        assertEquals("the first picture", end, result.bytes.getInt(index + 54))
        assertEquals("the second", map.size, result.bytes.getInt(index + 70))
        assertEquals("its place", end, index + result.bytes.getInt(index + 74))
        assertEquals(setOf(LeftOut.VIDEO), metadata(*pieces).leftOut)
    }

    @Test
    fun withoutAGainMapNothingAnnouncesOne() {
        val numbers = "xmlns:h='http://ns.adobe.com/hdr-gain-map/1.0/' h:Version='1.0'"
        assertFalse(packet(kept(START, xmp(described(numbers)), PIXELS, END)).contains("Version"))
    }

    @Test
    fun whatIsLeftOutIsNamed() {
        fun leftOut(vararg pieces: ByteArray) = metadata(*pieces).leftOut
        assertEquals(emptySet<LeftOut>(), leftOut(START, PIXELS, END, ByteArray(5)))
        val depth = "xmlns:d='http://ns.google.com/photos/1.0/depthmap/' d:Far='2'"
        assertEquals(setOf(LeftOut.DEPTH), leftOut(START, xmp(described(depth)), PIXELS, END))
        val moving = xmp(described("xmlns:m='http://ns.google.com/photos/1.0/camera/' m:MicroVideo='1'"))
        assertEquals(setOf(LeftOut.VIDEO), leftOut(START, moving, PIXELS, END, ByteArray(5)))
        assertEquals(emptySet<LeftOut>(), leftOut(START, moving, PIXELS, END))
        val shot = "SoundShot_Meta".toByteArray()
        assertEquals(setOf(LeftOut.SOUND), leftOut(START, PIXELS, END, shot))
    }

    @Test
    fun previewsInTheBlockBecomeZerosAndNothingMoves() {
        val picture = join(START, JFIF, PIXELS, END)
        for (order in listOf(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            val block = noteWithPreviews(order, picture)
            val result = checkNotNull(exifFor(block, 400, 300, 1))
            assertEquals(block.size, result.size)
            assertNull("a whole one", nextPicture(ByteBuffer.wrap(result), 0))
            val words = String(result, Charsets.ISO_8859_1)
            assertTrue(words, words.contains("Maker\u0000") && words.endsWith("the end"))
        }
    }

    /**
     * Returns a block with a truncated image, to which its maker note points, and a complete one.
     */
    private fun noteWithPreviews(order: ByteOrder, picture: ByteArray): ByteArray {
        val broken = picture.copyOf(picture.size - 4)
        val note = 8 + 18 + 18
        val at = note + 6 + 30
        val block = ByteBuffer.allocate(at + broken.size + picture.size + 7).order(order)
        block.put((if (order == ByteOrder.BIG_ENDIAN) "MM" else "II").toByteArray())
        block.putShort(42).putInt(8)
        block.putShort(1).putShort(0x8769.toShort()).putShort(4).putInt(1).putInt(26).putInt(0)
        block.putShort(1).putShort(0x927C.toShort()).putShort(7).putInt(99).putInt(note).putInt(0)
        block.put("Maker\u0000".toByteArray())
        block.putShort(2)
        block.putShort(0x0201).putShort(4).putInt(1).putInt(at)
        block.putShort(0x0202).putShort(4).putInt(1).putInt(broken.size)
        block.putInt(0)
        block.put(broken).put(picture).put("the end".toByteArray())
        return block.array()
    }

    private companion object {
        val PACKET_NAME = "http://ns.adobe.com/xap/1.0/\u0000".toByteArray()
        val PHOTOSHOP = "Photoshop 3.0\u0000".toByteArray()
    }
}
