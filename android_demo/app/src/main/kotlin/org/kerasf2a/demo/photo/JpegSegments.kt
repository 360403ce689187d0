package org.kerasf2a.demo.photo

import java.nio.ByteBuffer

/**
 * A segment of a JPEG file before the image data.
 *
 * @property marker the second byte of the marker, for example [APP1].
 * @property content the bytes after the length field.
 */
internal class Segment(val marker: Int, val content: ByteArray) {
    /** Returns the segment as stored in a file. */
    fun bytes(): ByteArray {
        val length = content.size + 2
        val head = byteArrayOf(MARK, marker.toByte(), (length shr 8).toByte(), length.toByte())
        return head + content
    }

    /** Returns whether the segment is of this kind and starts with this name. */
    fun isNamed(kind: Int, name: ByteArray): Boolean =
        marker == kind && content.size >= name.size && name.indices.all { content[it] == name[it] }

    /** Returns the bytes after a name at the start of the content. */
    fun after(name: ByteArray): ByteArray = content.copyOfRange(name.size, content.size)
}

/** Returns the segments of the JPEG image that starts at [start], up to the image data. */
internal fun readSegments(bytes: ByteBuffer, start: Int = 0): List<Segment> {
    val segments = mutableListOf<Segment>()
    var position = start + 2
    while (true) {
        while (isMark(bytes, position) && isMark(bytes, position + 1)) position++
        if (position + 4 > bytes.limit() || !isMark(bytes, position)) return segments
        val marker = unsigned(bytes, position + 1)
        val end = position + 2 + unsignedShort(bytes, position + 2)
        if (marker == SCAN || marker == END || end > bytes.limit()) return segments
        val length = maxOf(end - position - 4, 0)
        segments += Segment(marker, copyOf(bytes, position + 4, position + 4 + length))
        position = maxOf(end, position + 4)
    }
}

/** Returns the position after the JPEG image that starts at [start]; null if it is not complete. */
internal fun pictureEnd(bytes: ByteBuffer, start: Int = 0): Int? {
    if (!startsPicture(bytes, start)) return null
    var position = start + 2
    var isScanned = false
    while (position + 1 < bytes.limit()) {
        val next = if (isMark(bytes, position)) unsigned(bytes, position + 1) else -1
        when {
            next == FILL -> position++
            next == -1 || next == 0 || next in RESTARTS -> {
                if (!isScanned) return null // No bytes are allowed between segments.
                position += if (next == -1) 1 else 2
            }
            next == END -> return if (isScanned) position + 2 else null
            next == START || position + 4 > bytes.limit() -> return null
            else -> {
                position += 2 + unsignedShort(bytes, position + 2)
                isScanned = isScanned || next == SCAN
            }
        }
    }
    return null
}

/** Returns the next position from [start] on, before [end], where a JPEG image may start. */
internal fun nextPicture(bytes: ByteBuffer, start: Int, end: Int = bytes.limit()): Int? {
    for (position in start..end - 3) if (startsPicture(bytes, position)) return position
    return null
}

/** Copies the bytes from [start] up to, but not including, [end]. */
internal fun copyOf(bytes: ByteBuffer, start: Int, end: Int): ByteArray {
    val copy = ByteArray(end - start)
    val reader = bytes.duplicate()
    reader.position(start)
    reader.get(copy)
    return copy
}

/** Splits bytes into parts of [size]; the last one may be shorter. */
internal fun partsOf(bytes: ByteArray, size: Int): List<ByteArray> =
    (bytes.indices step size).map { bytes.copyOfRange(it, minOf(it + size, bytes.size)) }

/** Joins parts of a file. */
internal fun concat(parts: List<ByteArray>): ByteArray {
    val all = ByteArray(parts.sumOf { it.size })
    var position = 0
    for (piece in parts) {
        System.arraycopy(piece, 0, all, position, piece.size)
        position += piece.size
    }
    return all
}

/** Returns the next position of the bytes [pattern] from [start] on. */
internal fun find(bytes: ByteBuffer, pattern: ByteArray, start: Int): Int? {
    for (position in start..bytes.limit() - pattern.size) {
        if (bytes[position] == pattern[0] && isAt(bytes, pattern, position)) return position
    }
    return null
}

/** Returns whether a segment with this marker holds the image's size and number of components. */
internal fun isFrame(marker: Int): Boolean = marker in 0xC0..0xCF && marker !in TABLES

private fun isAt(bytes: ByteBuffer, pattern: ByteArray, position: Int): Boolean {
    for (index in pattern.indices) if (bytes[position + index] != pattern[index]) return false
    return true
}

private fun startsPicture(bytes: ByteBuffer, start: Int) = start + 3 <= bytes.limit() &&
    isMark(bytes, start) &&
    unsigned(bytes, start + 1) == START &&
    isMark(bytes, start + 2)

private fun isMark(bytes: ByteBuffer, position: Int) = position < bytes.limit() && bytes[position] == MARK

private fun unsigned(bytes: ByteBuffer, position: Int) = bytes[position].toInt() and 0xFF

private fun unsignedShort(bytes: ByteBuffer, position: Int) =
    (unsigned(bytes, position) shl 8) or unsigned(bytes, position + 1)

internal const val APP0 = 0xE0
internal const val APP1 = 0xE1
internal const val APP2 = 0xE2
internal const val APP13 = 0xED

/** Index of the number of components in a frame segment. */
internal const val COMPONENTS = 5

/** The largest content of a segment in bytes. */
internal const val LARGEST_CONTENT = 0xFFFF - 2
private const val MARK = 0xFF.toByte()
private const val FILL = 0xFF
private const val START = 0xD8
private const val END = 0xD9
private const val SCAN = 0xDA
private val TABLES = setOf(0xC4, 0xC8, 0xCC)
private val RESTARTS = 0xD0..0xD7
