package org.kerasf2a.demo.photo

import java.nio.ByteBuffer

/**
 * The gain map of an HDR photograph, a second JPEG image after the first. It says, for each
 * position, how much brighter the HDR rendition is than the image that every viewer shows. As a
 * ratio, it stays valid for a corrected image.
 *
 * @property start position of the image in the file.
 * @property end position of its end.
 * @property declaration the primary image's segments that declare the gain map, except XMP.
 */
internal class GainMap(val start: Int, val end: Int, val declaration: List<Segment>) {
    val length: Int
        get() = end - start

    companion object {
        /**
         * Returns the gain map of a JPEG file; null if there is none.
         *
         * @param bytes the file.
         * @param segments the segments of its primary image.
         * @param imageEnd the position after its primary image.
         */
        fun find(bytes: ByteBuffer, segments: List<Segment>, imageEnd: Int): GainMap? {
            val pictures = picturesBehind(bytes, imageEnd)
            val declaration = segments.filter { isIso(it) }
            val packet = XmpPacket(Xmp.of(segments).packet)
            val range =
                pictures.firstOrNull { isGainMap(readSegments(bytes, it.first)) }
                    ?: if (declaration.isNotEmpty() || packet.declaresGainMap()) {
                        findDeclared(packet, pictures)
                    } else {
                        null
                    }
            return range?.let { GainMap(it.first, it.second, declaration) }
        }

        private fun findDeclared(packet: XmpPacket, pictures: List<Pair<Int, Int>>): Pair<Int, Int>? {
            val lengths = packet.items().filter { it.semantic == GAIN_MAP_ITEM }.map { it.length }
            val byLength = pictures.firstOrNull { (it.second - it.first).toLong() in lengths }
            return byLength ?: pictures.firstOrNull()
        }
    }
}

/** Returns start and end of each JPEG image from a position on. */
private fun picturesBehind(bytes: ByteBuffer, imageEnd: Int): List<Pair<Int, Int>> {
    val found = mutableListOf<Pair<Int, Int>>()
    var start = nextPicture(bytes, imageEnd)
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
