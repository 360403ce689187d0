package org.kerasf2a.demo.photo

import java.io.File
import java.io.OutputStream
import java.nio.ByteBuffer

/**
 * The metadata that a result keeps from the file of its photograph, adapted to its pixels. Matches
 * `keras_f2a.imaging.metadata` in the Python package.
 *
 * @property leftOut contents of the file that cannot be kept.
 */
internal class KeptMetadata
private constructor(
    private val segments: List<Segment>,
    private val gainMap: ByteArray?,
    val leftOut: Set<LeftOut>,
) {
    /** Writes a JPEG file with the segments after its JFIF segment, and the gain map at the end. */
    fun write(pixels: File, target: OutputStream) {
        val content = checkNotNull(JpegFile(pixels).read()) { "${pixels.name} is no JPEG file" }
        val head = content.segments.takeWhile { it.marker == APP0 }.sumOf { it.bytes().size } + 2
        val added = concat(segments.map { it.bytes() })
        pixels.inputStream().use { source ->
            repeat(head) { target.write(source.read()) }
            target.write(added)
            if (gainMap != null) {
                val first = pixels.length().toInt() + added.size + INDEX_LENGTH
                target.write(indexOfTwo(head + added.size, first, gainMap.size).bytes())
            }
            source.copyTo(target)
        }
        gainMap?.let { target.write(it) }
    }

    companion object {
        /**
         * Collects the metadata to keep from a JPEG file.
         *
         * @param content the photograph's file.
         * @param width columns of the result as stored.
         * @param height rows of the result as stored.
         * @param orientation orientation of the result's pixels, as in EXIF.
         * @param withProfile whether to include the color profile, if the encoder does not write
         *   one.
         */
        fun of(
            content: JpegFile.Content,
            width: Int,
            height: Int,
            orientation: Int,
            withProfile: Boolean = false,
        ): KeptMetadata {
            val segments = content.segments
            val bytes = content.bytes
            val end = content.end ?: bytes.limit()
            val gainMap = GainMap.find(bytes, segments, end)
            val trailing =
                if (gainMap == null) {
                    listOf(content.part(end, bytes.limit()))
                } else {
                    listOf(content.part(end, gainMap.start), content.part(gainMap.end, bytes.limit()))
                }
            val xmp = Xmp.of(segments)
            val kept =
                exifSegments(content.exif, width, height, orientation) +
                    adaptXmp(xmp, width, height, orientation, gainMap).segments() +
                    (if (withProfile) profileSegments(segments) else emptyList()) +
                    photoshopSegments(segments) +
                    gainMap?.declaration.orEmpty()
            val map = gainMap?.let { copyOf(bytes, it.start, it.end) }
            return KeptMetadata(kept, map, companionsOf(trailing, xmp))
        }

        /** Collects the metadata to keep from a file in another format. */
        fun of(other: OtherFile, width: Int, height: Int, orientation: Int): KeptMetadata {
            val xmp = Xmp(other.xmp, ByteArray(0))
            val kept =
                exifSegments(other.exif, width, height, orientation) +
                    adaptXmp(xmp, width, height, orientation, null).segments()
            return KeptMetadata(kept, null, other.leftOut)
        }

        private fun adaptXmp(xmp: Xmp, width: Int, height: Int, orientation: Int, map: GainMap?): Xmp {
            val packet =
                XmpPacket(xmp.packet).apply {
                    adapt(width, height, orientation)
                    declareParts(map?.length)
                }
            return Xmp(packet.bytes(), xmp.extension).transform { it.removeCompanions() }
        }

        /** Returns the segments of the color profile if it is for RGB, like the result. */
        private fun profileSegments(segments: List<Segment>): List<Segment> {
            val parts = segments.filter { it.isNamed(APP2, PROFILE_NAME) }
            val first = parts.firstOrNull { it.isNamed(APP2, FIRST_OF_PROFILE) } ?: return emptyList()
            val space = textAt(ByteBuffer.wrap(first.after(PROFILE_NAME)), PROFILE_SPACE, 4)
            return if (space == "RGB ") parts else emptyList()
        }

        /**
         * Returns as many segments as the block needs. Of a damaged block, only the orientation is
         * kept.
         */
        private fun exifSegments(
            block: ByteArray?,
            width: Int,
            height: Int,
            orientation: Int,
        ): List<Segment> {
            val kept =
                block?.let { exifFor(it, width, height, orientation) }
                    ?: if (orientation == 1) return emptyList() else exifOf(orientation)
            return partsOf(kept, LARGEST_CONTENT - EXIF_SEGMENT.size).map { Segment(APP1, EXIF_SEGMENT + it) }
        }
    }
}

private val PROFILE_NAME = "ICC_PROFILE\u0000".toByteArray()
private val FIRST_OF_PROFILE = PROFILE_NAME + 1

/** After the segment's number and count, and in the profile's header. */
private const val PROFILE_SPACE = 2 + 16
