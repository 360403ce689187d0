package org.kerasf2a.demo.photo

import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.channels.FileChannel

/** A JPEG file, whose parts are found by their markers; nothing is decoded. */
class JpegFile(private val file: File) {
    /**
     * What the file holds.
     *
     * @property bytes all of it, mapped into memory.
     * @property end where its picture ends; null if that breaks off.
     */
    class Content(internal val bytes: ByteBuffer, internal val end: Int?) {
        /** Whether the picture's data go on to the mark of their end. */
        val isWhole: Boolean
            get() = end != null

        /** The parts before the picture's coded pixels. */
        internal val segments: List<Segment> by lazy { readSegments(bytes) }

        /** Whether its pixels have one value each, a gray level. */
        val isGray: Boolean
            get() = segments.firstOrNull { isFrame(it.marker) }?.content?.getOrNull(COMPONENTS)?.toInt() == 1

        /**
         * Its EXIF block, from the byte order on, out of all segments that hold a part of it; null if
         * it has none. A second block, which some programs leave behind, is none of its parts.
         */
        val exif: ByteArray?
            get() {
                val parts = segments.filter { it.isNamed(APP1, EXIF_SEGMENT) }.map { it.after(EXIF_SEGMENT) }
                val later = parts.drop(1).filterNot { startsBlock(it) }
                return joined(parts.take(1) + later).takeIf { it.isNotEmpty() }
            }

        /** A part of the file, from [start] to before [end]. */
        internal fun part(start: Int, end: Int): ByteBuffer {
            val part = bytes.duplicate()
            part.limit(end)
            part.position(start)
            return part.slice()
        }

        private fun startsBlock(part: ByteArray) =
            part.size >= 4 && BLOCK_STARTS.any { start -> start.indices.all { part[it] == start[it] } }
    }

    /** Reads the file's content; null if it is no JPEG file. */
    fun read(): Content? = try {
        RandomAccessFile(file, "r").use { open ->
            val length = minOf(open.length(), MOST_BYTES)
            val bytes = open.channel.map(FileChannel.MapMode.READ_ONLY, 0, length)
            if (isJpeg(bytes)) Content(bytes, endOf(bytes)) else null
        }
    } catch (_: IOException) {
        null
    }

    private fun isJpeg(bytes: ByteBuffer) = bytes.limit() >= 4 && bytes[0] == MARK && bytes[1] == START

    /** Where the picture ends, also if something odd lies between its parts. */
    private fun endOf(bytes: ByteBuffer): Int? {
        var position = 2
        while (position + 2 <= bytes.limit()) {
            val marker = bytes[position + 1]
            position +=
                when {
                    bytes[position] != MARK || marker == MARK -> 1 // Coded pixels, or padding.
                    marker == END -> return position + 2
                    standsAlone(marker) -> 2
                    position + 4 > bytes.limit() -> return null
                    else -> 2 + unsignedShort(bytes, position + 2)
                }
        }
        return null
    }

    // A zero after the mark means that it belongs to the coded pixels.
    private fun standsAlone(marker: Byte): Boolean =
        marker.toInt() == 0 || marker.toInt() and 0xFF in FIRST_RESTART..LAST_RESTART

    private fun unsignedShort(bytes: ByteBuffer, position: Int): Int =
        (bytes[position].toInt() and 0xFF shl 8) or (bytes[position + 1].toInt() and 0xFF)

    private companion object {
        // A picture ends long before; a film may follow it.
        const val MOST_BYTES = 1L shl 30
        const val MARK = 0xFF.toByte()
        const val START = 0xD8.toByte()
        const val END = 0xD9.toByte()
        const val FIRST_RESTART = 0xD0
        const val LAST_RESTART = 0xD7
        val BLOCK_STARTS = listOf(byteArrayOf(0x49, 0x49, 42, 0), byteArrayOf(0x4D, 0x4D, 0, 42))
    }
}

/** The name of the segments of an EXIF block: "Exif" and two zeros. */
internal val EXIF_SEGMENT = byteArrayOf(0x45, 0x78, 0x69, 0x66, 0, 0)
