package org.kerasf2a.demo.photo

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Test
import java.nio.ByteBuffer
import java.nio.ByteOrder

class ExifBlockTest {
    private val orders = listOf(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)

    private fun sample(order: ByteOrder = ByteOrder.LITTLE_ENDIAN) = ExifSample(
        order,
        listOf(
            Entry(0x0100, LONG, 4000),
            Entry(0x0101, SHORT, 3000),
            Entry(0x0112, SHORT, 6),
            Entry(0x0213, SHORT, 2),
        ),
        listOf(Entry(0x9209, SHORT, 25), Entry(0xA002, SHORT, 4000), Entry(0xA003, LONG, 3000)),
    )

    @Test
    fun sizeAndOrientationAreReplacedInBothByteOrders() {
        for (order in orders) {
            val sample = sample(order)
            val copy = checkNotNull(exifFor(sample.bytes, 2000, 1500, 1))
            assertEquals(2000, sample.main(copy, 0x0100))
            assertEquals(1500, sample.main(copy, 0x0101))
            assertEquals(1, sample.main(copy, 0x0112))
            assertEquals(2000, sample.photo(copy, 0xA002))
            assertEquals(1500, sample.photo(copy, 0xA003))
        }
    }

    @Test
    fun thePreviewIsUnlinked() {
        for (order in orders) {
            val sample = sample(order)
            assertEquals(0, sample.next(checkNotNull(exifFor(sample.bytes, 2000, 1500, 1))))
        }
    }

    @Test
    fun aThumbnailInAnyFormatIsBlanked() {
        for (order in orders) {
            for ((offset, length) in listOf(Pair(0x0201, 0x0202), Pair(0x0111, 0x0117))) {
                val thumbnail = "of then".toByteArray()
                val whole =
                    withThumbnail(order, listOf(Entry(offset, LONG, 56), Entry(length, LONG, 7)), thumbnail)
                val copy = checkNotNull(exifFor(whole, 2000, 1500, 1))
                assertArrayEquals(ByteArray(7), copy.copyOfRange(56, 63))
                assertArrayEquals("and more".toByteArray(), copy.copyOfRange(63, copy.size))
            }
        }
    }

    /** Returns a main directory with an orientation, and a second one that ends at 56. */
    private fun withThumbnail(order: ByteOrder, entries: List<Entry>, thumbnail: ByteArray): ByteArray {
        val block = ByteBuffer.allocate(56).order(order)
        block.put((if (order == ByteOrder.BIG_ENDIAN) "MM" else "II").toByteArray()).putShort(42).putInt(8)
        block.putShort(1).putShort(0x0112).putShort(3).putInt(1).putShort(1).putShort(0).putInt(26)
        block.putShort(2)
        for (entry in entries) {
            block.putShort(entry.tag.toShort()).putShort(entry.type.toShort()).putInt(1).putInt(entry.value)
        }
        block.putInt(0)
        return join(block.array(), thumbnail, "and more".toByteArray())
    }

    @Test
    fun orientationAndFlashAreRead() {
        for (order in orders) {
            assertEquals(6, orientationOf(sample(order).bytes))
            assertEquals(true, flashFired(sample(order).bytes))
            val long = ExifSample(order, listOf(Entry(0x0112, LONG, 8)), listOf(Entry(0x9209, LONG, 16)))
            assertEquals(8, orientationOf(long.bytes))
            assertEquals(false, flashFired(long.bytes))
            val odd = ExifSample(order, listOf(Entry(0x0112, SHORT, 9)), listOf(Entry(0x9209, 9, 1)))
            assertEquals(1, orientationOf(odd.bytes))
            assertNull(flashFired(odd.bytes))
            val twice =
                ExifSample(order, listOf(Entry(0x0112, SHORT, 6), Entry(0x0112, SHORT, 3)), emptyList())
            assertEquals(6, orientationOf(twice.bytes))
            assertEquals(1, orientationOf(exifFor(twice.bytes, 40, 30, 1)))
        }
    }

    @Test
    fun nothingIsReadFromADamagedBlock() {
        for (block in listOf(null, ByteArray(0), "text".toByteArray(), sample().bytes.copyOf(15))) {
            assertEquals(1, orientationOf(block))
            assertNull(flashFired(block))
        }
    }

    @Test
    fun everyOtherByteStaysAndTheOriginalIsNotTouched() {
        for (order in orders) {
            val sample = sample(order)
            val before = sample.bytes.copyOf()
            val copy = checkNotNull(exifFor(sample.bytes, 4000, 3000, 6))
            assertArrayEquals(before, sample.bytes)
            val changed = copy.indices.filter { copy[it] != before[it] }
            // Size and orientation stay the same, so only the link to the preview changes.
            val link = MAIN + 2 + 12 * 5
            assertEquals(emptyList<Int>(), changed - (link until link + 4).toSet())
        }
    }

    @Test
    fun aBlockWithoutTheseTagsIsKept() {
        val sample = ExifSample(ByteOrder.BIG_ENDIAN, listOf(Entry(0x0213, SHORT, 2)), emptyList())
        val copy = checkNotNull(exifFor(sample.bytes, 2000, 1500, 1))
        assertEquals(2, sample.main(copy, 0x0213))
        assertEquals(sample.bytes.size, copy.size)
    }

    @Test
    fun aBlockWithoutAPhotographsDirectoryIsKept() {
        val block = bytesOf(0x49, 0x49, 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        assertArrayEquals(block, exifFor(block, 2000, 1500, 1))
    }

    @Test
    fun aSizeOfAnUnknownTypeIsLeftAsItIs() {
        val sample = ExifSample(ByteOrder.LITTLE_ENDIAN, listOf(Entry(0x0100, 9, 77)), emptyList())
        assertEquals(77, sample.main(checkNotNull(exifFor(sample.bytes, 2000, 1500, 1)), 0x0100))
    }

    @Test
    fun aBlockThatEndsWithinItsDirectoriesIsDamaged() {
        val whole = sample().bytes
        val directories = MAIN + 2 + 12 * 5 + 4 + 2 + 12 * 3
        for (length in 0 until directories - 12) {
            assertNull("$length bytes", exifFor(whole.copyOf(length), 2000, 1500, 1))
        }
        assertNotNull(exifFor(whole.copyOf(directories), 2000, 1500, 1))
    }

    @Test
    fun whatIsNoTiffStructureIsDamaged() {
        val whole = sample().bytes
        for ((index, value) in listOf(0 to 'X'.code, 2 to 43, 5 to 0x7F, 7 to 0x7F, 7 to 0xFF)) {
            val odd = whole.copyOf().also { it[index] = value.toByte() }
            assertNull("byte $index is $value", exifFor(odd, 2000, 1500, 1))
        }
    }

    @Test
    fun aDirectoryThatNamesItselfEnds() {
        val sample = sample()
        val odd = sample.bytes.copyOf()
        odd[MAIN + 2 + 12 * 4 + 8] = MAIN.toByte() // The offset of the EXIF directory.
        assertEquals(1, sample.main(checkNotNull(exifFor(odd, 2000, 1500, 1)), 0x0112))
    }

    @Test
    fun noByteMakesItFail() {
        val whole = sample().bytes
        for (index in whole.indices) {
            for (value in listOf(0, 1, 0x7F, 0x80, 0xFF)) {
                val odd = whole.copyOf().also { it[index] = value.toByte() }
                exifFor(odd, 2000, 1500, 1)
                orientationOf(odd)
                flashFired(odd)
            }
        }
    }
}
