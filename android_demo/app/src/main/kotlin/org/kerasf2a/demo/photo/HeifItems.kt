package org.kerasf2a.demo.photo

import java.nio.ByteBuffer

/**
 * Finds EXIF and XMP among the items of a HEIC or AVIF file (ISO/IEC 14496-12 and 23008-12).
 *
 * @param bytes the whole file.
 */
internal class HeifItems(private val bytes: ByteBuffer) {
    private val itemExtents = mutableMapOf<Int, List<IntRange>>()
    private var idatStart = 0
    private var exifItem: Int? = null
    private var xmpItem: Int? = null

    /** Reads the items and lists the contents that cannot be kept. */
    fun read(): OtherFile {
        val top = boxes(0, bytes.limit())
        val meta = top.firstOrNull { it.kind == "meta" } ?: return OtherFile()
        val inner = boxes(meta.start + 4, meta.end)
        inner.firstOrNull { it.kind == "idat" }?.let { idatStart = it.start }
        inner.firstOrNull { it.kind == "iinf" }?.let { readTypes(it) }
        inner.firstOrNull { it.kind == "iloc" }?.let { readExtents(Fields(it.start, it.end)) }
        val exif = exifItem?.let { dataOf(it) }?.let { withoutOffset(it) }
        return OtherFile(exif, xmpItem?.let { dataOf(it) } ?: ByteArray(0), leftOut(top, meta))
    }

    private fun leftOut(top: List<Box>, meta: Box): Set<LeftOut> {
        val result = mutableSetOf<LeftOut>()
        if (top.any { it.kind == "moov" || it.kind == "mpvd" }) result += LeftOut.VIDEO
        val described = ByteBuffer.wrap(copyOf(bytes, meta.start, meta.end))
        for ((mark, kind) in MARKS) if (find(described, mark.toByteArray(), 0) != null) result += kind
        return result
    }

    private fun readTypes(box: Box) {
        val fields = Fields(box.start, box.end)
        val isWide = fields.number(1) > 0
        fields.number(3)
        fields.number(if (isWide) 4 else 2)
        for (entry in boxes(fields.position, box.end)) {
            val item = Fields(entry.start, entry.end)
            val version = item.number(1)
            if (version < 2) continue
            item.number(3)
            val number = item.number(if (version == 2) 2 else 4)
            item.number(2)
            when (textAt(bytes, item.position, 4)) {
                "Exif" -> if (exifItem == null) exifItem = number
                "mime" -> {
                    val names = String(copyOf(bytes, item.position + 4, entry.end), Charsets.ISO_8859_1)
                    if (XMP_TYPE in names && xmpItem == null) xmpItem = number
                }
            }
        }
    }

    private fun readExtents(fields: Fields) {
        val version = fields.number(1)
        fields.number(3)
        val sizes = fields.number(1)
        val more = fields.number(1)
        val wide = if (version < 2) 2 else 4
        repeat(fields.number(wide)) {
            val item = fields.number(wide)
            val method = if (version > 0) fields.number(2) and 15 else 0
            fields.number(2)
            val base = fields.number(more shr 4)
            val extents =
                List(fields.number(2)) {
                    if (version > 0) fields.number(more and 15)
                    val start = base + fields.number(sizes shr 4) + if (method == 1) idatStart else 0
                    start until start + fields.number(sizes and 15)
                }
            if (method < 2) itemExtents[item] = extents
        }
    }

    private fun dataOf(item: Int): ByteArray? {
        val parts = itemExtents[item] ?: return null
        require(parts.sumOf { it.last.toLong() - it.first } < MOST_BYTES) { "no metadata are so large" }
        return concat(parts.map { copyOf(bytes, it.first, it.last + 1) })
    }

    /** An EXIF item starts with the offset of the block from the end of that number. */
    private fun withoutOffset(item: ByteArray): ByteArray? {
        val start = if (item.size < 4) -1 else ByteBuffer.wrap(item).getInt(0)
        return if (start in 0..item.size - 4) item.copyOfRange(4 + start, item.size) else null
    }

    private fun boxes(start: Int, end: Int): List<Box> {
        val result = mutableListOf<Box>()
        var position = start
        while (position + 8 <= end) {
            var header = 8
            var size = bytes.getInt(position).toLong() and 0xFFFFFFFFL
            if (size == 1L) {
                header = 16
                size = bytes.getLong(position + 8)
            }
            if (size == 0L) size = (end - position).toLong()
            if (size < header || size > end - position) break
            result += Box(textAt(bytes, position + 4, 4), position + header, position + size.toInt())
            position += size.toInt()
        }
        return result
    }

    private class Box(val kind: String, val start: Int, val end: Int)

    /** Reads consecutive numbers. */
    private inner class Fields(var position: Int, private val end: Int) {
        fun number(size: Int): Int {
            if (position + size > end) throw IndexOutOfBoundsException("a box is shorter than what it holds")
            var value = 0L
            repeat(size) { value = value shl 8 or (bytes[position++].toLong() and 0xFF) }
            require(value in 0..Int.MAX_VALUE) { "a number is too large" }
            return value.toInt()
        }
    }

    private companion object {
        const val MOST_BYTES = 1 shl 26
        const val XMP_TYPE = "application/rdf+xml"
        val MARKS =
            listOf(
                "hdrgainmap" to LeftOut.HDR,
                "tmap" to LeftOut.HDR,
                ":aux:depth" to LeftOut.DEPTH,
                ":aux:disparity" to LeftOut.DEPTH,
                "auxid:2" to LeftOut.DEPTH,
                "auxiliary:depth" to LeftOut.DEPTH,
            )
    }
}
