package org.kerasf2a.demo.photo

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.ByteArrayOutputStream
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.zip.DeflaterOutputStream
import kotlin.random.Random

class OtherFileTest {
    @get:Rule val folder = TemporaryFolder()

    private val sample = ExifSample(ByteOrder.BIG_ENDIAN, listOf(Entry(0x0100, LONG, 9)), emptyList())
    private val exif = sample.bytes
    private val tiff = "http://ns.adobe.com/tiff/1.0/"
    private val xmp = "<x:xmpmeta xmlns:t=\"$tiff\" t:ImageWidth=\"9\"/>".toByteArray()

    private fun read(vararg pieces: ByteArray) = OtherFile.read(file(join(*pieces)))

    private fun file(content: ByteArray): File = folder.newFile().apply { writeBytes(content) }

    private fun number(size: Int, value: Int): ByteArray =
        ByteArray(size) { (value shr 8 * (size - 1 - it)).toByte() }

    private fun chunk(name: String, content: ByteArray) =
        join(number(4, content.size), name.toByteArray(), content, ByteArray(4))

    private fun png(vararg chunks: ByteArray) =
        join(bytesOf(0x89), "PNG\r\n".toByteArray(), bytesOf(0x1A, 0x0A), *chunks)

    private fun text(isPacked: Boolean): ByteArray {
        val head = "XML:com.adobe.xmp\u0000".toByteArray() + bytesOf(if (isPacked) 1 else 0, 0, 0, 0)
        return chunk("iTXt", head + if (isPacked) compress(xmp) else xmp)
    }

    private fun part(name: String, content: ByteArray): ByteArray {
        val size = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(content.size).array()
        return join(name.toByteArray(), size, content, ByteArray(content.size % 2))
    }

    private fun webp(vararg parts: ByteArray) = join("RIFF0000WEBP".toByteArray(), *parts)

    private fun box(kind: String, vararg content: ByteArray): ByteArray {
        val body = join(*content)
        return join(number(4, 8 + body.size), kind.toByteArray(), body)
    }

    private fun heic(more: ByteArray = ByteArray(0), inIdat: Boolean = false): ByteArray {
        val full = ByteArray(4)
        val block = join(number(4, 6), "Exif".toByteArray(), ByteArray(2), exif)
        fun item(id: Int, rest: String) =
            box("infe", bytesOf(2, 0, 0, 0), number(2, id), ByteArray(2), rest.toByteArray())
        val type = "mime\u0000application/rdf+xml\u0000"
        val kinds = box("iinf", full, number(2, 2), item(1, "Exif\u0000"), item(2, type))
        fun meta(start: Int): ByteArray {
            fun place(id: Int, offset: Int, size: Int) = join(
                number(2, id),
                number(2, if (inIdat) 1 else 0),
                number(2, 0),
                number(2, 1),
                number(4, if (inIdat) offset else start + offset),
                number(4, size),
            )
            val extents = join(place(1, 0, block.size), place(2, block.size, xmp.size))
            val places = box("iloc", bytesOf(1, 0, 0, 0, 0x44, 0), number(2, 2), extents)
            val stored = if (inIdat) box("idat", block, xmp) else ByteArray(0)
            return box("meta", full, kinds, places, stored, more)
        }
        val start = box("ftyp", "heic0000mif1".toByteArray())
        return join(start, meta(start.size + meta(0).size + 8), box("mdat", block, xmp))
    }

    @Test
    fun exifAndXmpOfEveryFormatAreFound() {
        for (
        content in
        listOf(
            png(chunk("IHDR", ByteArray(13)), chunk("eXIf", exif), text(false), chunk("IDAT", ByteArray(9))),
            png(text(true), chunk("eXIf", exif)),
            webp(part("VP8X", ByteArray(10)), part("EXIF", exif), part("XMP ", xmp)),
            webp(part("XMP ", xmp), part("EXIF", EXIF_SEGMENT + exif)),
            heic(),
            heic(inIdat = true),
        )
        ) {
            val found = read(content)
            assertArrayEquals(exif, found.exif)
            assertArrayEquals(xmp, found.xmp)
            assertEquals(emptySet<LeftOut>(), found.leftOut)
        }
    }

    @Test
    fun whatImageMagickStoredAsTextIsFound() {
        val xap = "http://ns.adobe.com/xap/1.0/\u0000".toByteArray()
        for (isCompressed in listOf(false, true)) {
            val found =
                read(
                    png(
                        profile("exif", EXIF_SEGMENT + exif, isCompressed),
                        profile("xmp", xmp, isCompressed),
                    ),
                )
            assertArrayEquals(exif, found.exif)
            assertArrayEquals(xmp, found.xmp)
            val both = listOf(EXIF_SEGMENT + exif, xap + xmp).map { profile("APP1", it, isCompressed) }
            assertArrayEquals(exif, read(png(both[0])).exif)
            assertArrayEquals(xmp, read(png(both[1])).xmp)
            val newer = read(png(chunk("eXIf", EXIF_SEGMENT + exif), text(false), *both.toTypedArray()))
            assertArrayEquals(exif, newer.exif)
            assertArrayEquals(xmp, newer.xmp)
        }
        for (content in listOf("", "\nexif\n3\n", "\nexif\n3\nxyz\n", "\nexif\n3\n616\n")) {
            val damaged = "Raw profile type exif\u0000$content".toByteArray()
            assertNull(content, read(png(chunk("tEXt", damaged))).exif)
        }
    }

    private fun profile(type: String, content: ByteArray, isCompressed: Boolean): ByteArray {
        val digits = content.joinToString("") { "%02x".format(it) }.chunked(72).joinToString("\n")
        val text = "\n$type\n${content.size}\n$digits\n".toByteArray()
        val head = "Raw profile type $type\u0000".toByteArray()
        if (!isCompressed) return chunk("tEXt", head + text)
        return chunk("zTXt", head + bytesOf(0) + compress(text))
    }

    private fun compress(content: ByteArray): ByteArray = ByteArrayOutputStream().also { out ->
        DeflaterOutputStream(out).use { it.write(content) }
    }.toByteArray()

    @Test
    fun aTruncatedFileIsNotComplete() {
        val end = chunk("IEND", ByteArray(0))
        assertEquals(true, read(png(chunk("IDAT", ByteArray(9)), end)).isComplete)
        assertEquals(false, read(png(chunk("IDAT", ByteArray(9)))).isComplete)
        val part = part("EXIF", exif)
        val size = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(4 + part.size).array()
        val whole = join("RIFF".toByteArray(), size, "WEBP".toByteArray(), part)
        assertEquals(true, read(whole).isComplete)
        assertEquals(false, read(whole.copyOf(whole.size - 1)).isComplete)
    }

    @Test
    fun aPngFileSaysWhetherItIsGray() {
        for ((type, isGray) in mapOf(0 to true, 4 to true, 2 to false, 3 to false, 6 to false)) {
            val header = join(number(4, 9), number(4, 9), bytesOf(8, type, 0, 0, 0))
            assertEquals("$type", isGray, read(png(chunk("IHDR", header), chunk("eXIf", exif))).isGray)
        }
    }

    @Test
    fun aResultGetsThemWithItsOwnSize() {
        val pixels = file(join(START, JFIF, PIXELS, END))
        val target = ByteArrayOutputStream()
        KeptMetadata.of(read(heic()), 400, 300, 6).write(pixels, target)
        val result = checkNotNull(JpegFile(file(target.toByteArray())).read())
        assertEquals(400, sample.main(checkNotNull(result.exif), 0x0100))
        assertEquals(String(xmp).replace("\"9\"", "\"400\""), String(Xmp.of(result.segments).packet))
    }

    @Test
    fun whatIsLeftOutIsNamed() {
        val hdr = "urn:com:apple:photo:2020:aux:hdrgainmap".toByteArray()
        assertEquals(setOf(LeftOut.HDR), read(heic(box("auxC", hdr))).leftOut)
        assertEquals(setOf(LeftOut.HDR), read(heic(box("free", "tmap".toByteArray()))).leftOut)
        val depth = "urn:mpeg:hevc:2015:auxid:2".toByteArray()
        assertEquals(setOf(LeftOut.DEPTH), read(heic(box("auxC", depth))).leftOut)
        assertEquals(setOf(LeftOut.VIDEO), read(heic(), box("mpvd", ByteArray(9))).leftOut)
    }

    @Test
    fun damagedFilesSayLessAndRaiseNothing() {
        val random = Random(0)
        for (content in listOf(png(text(true), chunk("eXIf", exif)), webp(part("EXIF", exif)), heic())) {
            repeat(300) {
                val damaged = content.copyOf(random.nextInt(content.size + 1))
                repeat(random.nextInt(9)) {
                    val place = random.nextInt(damaged.size + 1)
                    if (place < damaged.size) damaged[place] = random.nextInt().toByte()
                }
                read(damaged)
            }
        }
        assertNull(read("GIF89a".toByteArray()).exif)
    }
}
