package org.kerasf2a.demo.photo

import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * Overwrites every preview in an EXIF block that can be identified with certainty, because they
 * show the photograph before its correction. Their bytes become zeros and nothing moves, so the
 * rest of the maker notes stays readable.
 *
 * Two kinds of data are overwritten: all complete JPEG images, and data that starts like a JPEG and
 * whose offset and length are in a maker note's directory. Makers count offsets from the start of
 * the block, of their note, or of a TIFF header inside it; all three are tried.
 *
 * @param block starts at its byte order mark; changed in place.
 * @param note the position of the maker note in it; null if there is none.
 */
internal fun blankPreviews(block: ByteArray, note: Int?) {
    val bytes = ByteBuffer.wrap(block)
    if (nextPicture(bytes, 0) == null) return
    if (note != null) MakerNote(block, note).pictures().forEach { block.fill(0, it.first, it.second) }
    var start = nextPicture(bytes, 0)
    while (start != null) {
        pictureEnd(bytes, start)?.let { block.fill(0, start, it) }
        start = nextPicture(bytes, start + 1)
    }
}

/** The directories of a maker note, at all the offsets where they may start. */
private class MakerNote(private val block: ByteArray, private val note: Int) {
    private val headers =
        listOf(INTEL, MOTOROLA).mapNotNull { mark ->
            find(ByteBuffer.wrap(block), mark, note)?.takeIf { it + mark.size <= note + 32 }
        }
    private val bases = (listOf(0, note) + headers).toSet()
    private val seen = mutableSetOf<Pair<ByteOrder, Int>>()
    private val found = mutableListOf<Pair<Int, Int>>()

    /** Returns start and end of the JPEG images that the directories point to. */
    fun pictures(): List<Pair<Int, Int>> {
        for (order in listOf(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            val bytes = ByteBuffer.wrap(block).order(order)
            val inner =
                headers.filter { it + 8 <= block.size }.map { it + bytes.getInt(it + 4) }
            for (start in inner + STARTS.map { note + it }) search(bytes, start)
        }
        return found
    }

    private fun search(bytes: ByteBuffer, directory: Int) {
        if (seen.size > MOST_DIRECTORIES || !seen.add(Pair(bytes.order(), directory))) return
        val entries = entries(bytes, directory)
        val numbers = entries.filter { it.isNumber }.associate { it.tag to it.value }
        for (entry in entries) {
            for (base in bases) {
                val start = base + entry.value.toLong()
                if (start !in 1L until block.size) continue
                val length = if (entry.isData) entry.count else numbers[entry.tag + 1] ?: 0
                val isAddressed = entry.isData || entry.isNumber
                val end = start + length
                if (isAddressed && length > 4 && end <= block.size && isPicture(start.toInt())) {
                    found += Pair(start.toInt(), end.toInt())
                }
                if (entry.isNumber || entry.type == DIRECTORY || entry.type == UNDEFINED) {
                    search(bytes, start.toInt())
                }
            }
        }
    }

    private fun isPicture(start: Int) = nextPicture(ByteBuffer.wrap(block), start, start + 3) != null

    /** Returns the entries of a directory; none if there is no directory at this position. */
    private fun entries(bytes: ByteBuffer, start: Int): List<Entry> {
        if (start !in 1..block.size - 2) return emptyList()
        val count = bytes.getShort(start).toInt() and 0xFFFF
        if (count !in 1..MOST_ENTRIES || start + 2 + 12 * count > block.size) return emptyList()
        val entries = List(count) { Entry(bytes, start + 2 + 12 * it) }
        return if (entries.all { it.type in TYPES }) entries else emptyList()
    }

    private class Entry(bytes: ByteBuffer, at: Int) {
        val tag = bytes.getShort(at).toInt() and 0xFFFF
        val type = bytes.getShort(at + 2).toInt() and 0xFFFF
        val count = bytes.getInt(at + 4)
        val value = bytes.getInt(at + 8)
        val isNumber = type == LONG && count == 1
        val isData = (type == BYTE || type == UNDEFINED) && count > 4
    }

    private companion object {
        val INTEL = byteArrayOf(0x49, 0x49, 42, 0)
        val MOTOROLA = byteArrayOf(0x4D, 0x4D, 0, 42)

        /**
         * Offsets after the names, versions and byte orders that makers write before a directory.
         */
        val STARTS = listOf(0, 6, 8, 10, 12, 14, 16, 18, 20, 22, 26)
        val TYPES = 1..13
        const val BYTE = 1
        const val LONG = 4
        const val UNDEFINED = 7
        const val DIRECTORY = 13
        const val MOST_ENTRIES = 400
        const val MOST_DIRECTORIES = 5000
    }
}
