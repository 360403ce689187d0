package org.kerasf2a.demo.photo

import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.channels.FileChannel

/** Parses a JPEG file by its markers, without decoding it. */
class JpegFile(private val file: File) {
    /**
     * The content of the file.
     *
     * @property bytes the whole file, memory-mapped.
     * @property end the end of its image; null if the image is truncated.
     */
    class Content(internal val bytes: ByteBuffer, internal val end: Int?) {
        /** Whether the image continues to its end marker. */
        val isComplete: Boolean
            get() = end != null

        /** The segments before the image data. */
        internal val segments: List<Segment> by lazy { readSegments(bytes) }

        /** Whether its pixels are gray levels. */
        val isGray: Boolean
            get() = segments.firstOrNull { isFrame(it.marker) }?.content?.getOrNull(COMPONENTS)?.toInt() == 1

        /**
         * The EXIF block, joined from all segments that hold a part of it; null if there is none.
         * It starts at its byte order mark. Some programs leave a second block behind, which is not
         * a part of the first.
         */
        val exif: ByteArray?
            get() {
                val parts = segments.filter { it.isNamed(APP1, EXIF_SEGMENT) }.map { it.after(EXIF_SEGMENT) }
                val later = parts.drop(1).filterNot { startsBlock(it) }
                return concat(parts.take(1) + later).takeIf { it.isNotEmpty() }
            }

        /** Returns the part of the file from [start] up to, but not including, [end]. */
        internal fun part(start: Int, end: Int): ByteBuffer {
            val part = bytes.duplicate()
            part.limit(end)
            part.position(start)
            return part.slice()
        }

        private fun startsBlock(part: ByteArray) =
            part.size >= 4 && BLOCK_STARTS.any { start -> start.indices.all { part[it] == start[it] } }
    }

    /** Reads the file's content; null if it is not a JPEG file. */
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

    /** Returns the end of the image. Unexpected bytes between its segments are allowed. */
    private fun endOf(bytes: ByteBuffer): Int? {
        var position = 2
        while (position + 2 <= bytes.limit()) {
            val marker = bytes[position + 1]
            position +=
                when {
                    bytes[position] != MARK || marker == MARK -> 1 // Image data or padding.
                    marker == END -> return position + 2
                    standsAlone(marker) -> 2
                    position + 4 > bytes.limit() -> return null
                    else -> 2 + unsignedShort(bytes, position + 2)
                }
        }
        return null
    }

    // A zero after the 0xFF byte means that it belongs to the image data.
    private fun standsAlone(marker: Byte): Boolean =
        marker.toInt() == 0 || marker.toInt() and 0xFF in FIRST_RESTART..LAST_RESTART

    private fun unsignedShort(bytes: ByteBuffer, position: Int): Int =
        (bytes[position].toInt() and 0xFF shl 8) or (bytes[position + 1].toInt() and 0xFF)

    private companion object {
        // Images end long before; a video may follow.
        const val MOST_BYTES = 1L shl 30
        const val MARK = 0xFF.toByte()
        const val START = 0xD8.toByte()
        const val END = 0xD9.toByte()
        const val FIRST_RESTART = 0xD0
        const val LAST_RESTART = 0xD7
        val BLOCK_STARTS = listOf(byteArrayOf(0x49, 0x49, 42, 0), byteArrayOf(0x4D, 0x4D, 0, 42))
    }
}

/** The name at the start of EXIF segments: "Exif" and two zeros. */
internal val EXIF_SEGMENT = byteArrayOf(0x45, 0x78, 0x69, 0x66, 0, 0)
