package org.kerasf2a.demo.photo

import java.nio.ByteBuffer

/**
 * The gain map of an HDR photograph, a second JPEG picture behind the first. It holds, for each
 * place, how much brighter the HDR rendition is than the picture that every viewer shows: a ratio,
 * which stays valid for a corrected picture.
 *
 * @property start of the picture in the file.
 * @property end of it.
 * @property announcement the segments of the primary picture that say that there is one, without XMP.
 */
internal class GainMap(val start: Int, val end: Int, val announcement: List<Segment>) {
    val length: Int
        get() = end - start

    companion object {
        /**
         * Finds the gain map of a JPEG file; null if there is none.
         *
         * @param bytes the file.
         * @param segments the segments of its primary picture.
         * @param behind where its primary picture ends.
         */
        fun find(bytes: ByteBuffer, segments: List<Segment>, behind: Int): GainMap? {
            val pictures = picturesBehind(bytes, behind)
            val announcement = segments.filter { isIso(it) }
            val packet = XmpPacket(Xmp.of(segments).packet)
            val place =
                pictures.firstOrNull { isGainMap(readSegments(bytes, it.first)) }
                    ?: if (announcement.isNotEmpty() || packet.declaresGainMap()) {
                        announced(packet, pictures)
                    } else {
                        null
                    }
            return place?.let { GainMap(it.first, it.second, announcement) }
        }

        private fun announced(packet: XmpPacket, pictures: List<Pair<Int, Int>>): Pair<Int, Int>? {
            val lengths = packet.items().filter { it.semantic == GAIN_MAP_ITEM }.map { it.length }
            val byLength = pictures.firstOrNull { (it.second - it.first).toLong() in lengths }
            return byLength ?: pictures.firstOrNull()
        }
    }
}

/** The start and the end of each JPEG picture from a position on. */
private fun picturesBehind(bytes: ByteBuffer, behind: Int): List<Pair<Int, Int>> {
    val found = mutableListOf<Pair<Int, Int>>()
    var start = nextPicture(bytes, behind)
    while (start != null) {
        val end = pictureEnd(bytes, start)
        if (end != null) found += Pair(start, end)
        start = nextPicture(bytes, end ?: (start + 1))
    }
    return found
}

private fun isGainMap(segments: List<Segment>): Boolean {
    val packet = Xmp.of(segments).packet
    return segments.any { isIso(it) } ||
        XmpPacket(packet).declaresGainMap() ||
        String(packet, Charsets.ISO_8859_1).contains(APPLE_NAMESPACE)
}

private fun isIso(segment: Segment) = segment.isNamed(APP2, ISO_NAME)

private val ISO_NAME = "urn:iso:std:iso:ts:21496:-1\u0000".toByteArray()
private const val APPLE_NAMESPACE = "http://ns.apple.com/HDRGainMap/"
