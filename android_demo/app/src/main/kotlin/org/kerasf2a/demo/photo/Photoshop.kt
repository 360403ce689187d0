package org.kerasf2a.demo.photo

import java.nio.ByteBuffer

/**
 * Returns the segments with Photoshop's resource blocks, such as IPTC's captions and keywords.
 *
 * They stay byte for byte, except that previews are dropped. A preview shows the photograph before
 * its correction.
 */
internal fun photoshopSegments(segments: List<Segment>): List<Segment> {
    val photoshop = segments.filter { it.isNamed(APP13, NAME) }
    val all = concat(photoshop.map { it.after(NAME) })
    val previews = blocks(all).filter { it.number in PREVIEWS }
    if (previews.isEmpty()) return photoshop
    val kept = mutableListOf<ByteArray>()
    var position = 0
    for (preview in previews) {
        kept += all.copyOfRange(position, preview.start)
        position = preview.end
    }
    kept += all.copyOfRange(position, all.size)
    return partsOf(concat(kept), LARGEST_CONTENT - NAME.size).map { Segment(APP13, NAME + it) }
}

/** One of Photoshop's blocks: its number and its position. */
private class Block(val number: Int, val start: Int, val end: Int)

/** Returns the complete blocks in order. Names and data are padded to even length. */
private fun blocks(data: ByteArray): List<Block> {
    val bytes = ByteBuffer.wrap(data)
    val found = mutableListOf<Block>()
    var start = 0
    while (start + 12 <= data.size && MARK.indices.all { data[start + it] == MARK[it] }) {
        val sizeAt = start + 6 + ((data[start + 6].toInt() and 0xFF) + 2) / 2 * 2
        if (sizeAt + 4 > data.size) break
        val size = bytes.getInt(sizeAt)
        if (size < 0 || size > data.size - sizeAt - 4) break
        val end = minOf(sizeAt + 4 + size + size % 2, data.size)
        found += Block(bytes.getShort(start + 4).toInt() and 0xFFFF, start, end)
        start = end
    }
    return found
}

private val NAME = "Photoshop 3.0\u0000".toByteArray()
private val MARK = "8BIM".toByteArray()
private val PREVIEWS = setOf(0x0409, 0x040C)
