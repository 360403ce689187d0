package org.kerasf2a.demo.photo

import java.nio.ByteBuffer
import java.security.MessageDigest

/**
 * The XMP of a JPEG file.
 *
 * @property packet the packet that every reader sees; empty if there is none.
 * @property extension a second packet, for whatever does not fit into the first; often empty.
 */
internal class Xmp(val packet: ByteArray, val extension: ByteArray) {
    /** Returns a copy with a change to packet and extension. */
    fun transform(change: (XmpPacket) -> Unit) = Xmp(transform(packet, change), transform(extension, change))

    /** Returns its segments. The packet refers to the extension, if there is one. */
    fun segments(): List<Segment> {
        if (packet.isEmpty()) return emptyList()
        if (packet.size > MOST_IN_PACKET) return Xmp(NEW_PACKET.toByteArray(), packet).segments()
        val digest = MessageDigest.getInstance("MD5").digest(extension)
        val identifier = digest.joinToString("") { "%02X".format(it) }
        val linkedPacket =
            transform(packet) {
                if (extension.isEmpty()) it.remove(NOTE, HAS_EXTENSION)
                it.replace(NOTE, HAS_EXTENSION, identifier)
            }
        val parts = partsOf(extension, MOST_IN_PART)
        return listOf(Segment(APP1, PACKET_NAME + linkedPacket)) +
            parts.mapIndexed { index, part ->
                val header = ByteBuffer.allocate(8)
                header.putInt(extension.size).putInt(index * MOST_IN_PART)
                Segment(APP1, PART_NAME + identifier.toByteArray() + header.array() + part)
            }
    }

    companion object {
        /** Reads the XMP from a file's segments. An incomplete extension is ignored. */
        fun of(segments: List<Segment>): Xmp {
            val packet = segments.firstOrNull { it.isNamed(APP1, PACKET_NAME) }?.after(PACKET_NAME)
            if (packet == null) return Xmp(ByteArray(0), ByteArray(0))
            val identifier = XmpPacket(packet)[NOTE, HAS_EXTENSION]
            val parts =
                segments
                    .filter { it.isNamed(APP1, PART_NAME) && it.content.size > PART_HEADER }
                    .map { Part(it.after(PART_NAME)) }
                    .filter { it.identifier == identifier }
                    .associateBy { it.start }
                    .toSortedMap()
                    .values
            val extension = concat(parts.map { it.content })
            val isComplete = parts.all { it.totalLength == extension.size }
            return Xmp(packet, if (isComplete) extension else ByteArray(0))
        }

        private fun transform(data: ByteArray, change: (XmpPacket) -> Unit): ByteArray =
            if (data.isEmpty()) data else XmpPacket(data).apply(change).bytes()
    }
}

/** A part of an extension, with its identifier, the total length, and its offset. */
private class Part(bytes: ByteArray) {
    val identifier = String(bytes, 0, IDENTIFIER_LENGTH, Charsets.ISO_8859_1)
    val totalLength = ByteBuffer.wrap(bytes).getInt(IDENTIFIER_LENGTH)
    val start = ByteBuffer.wrap(bytes).getInt(IDENTIFIER_LENGTH + 4)
    val content: ByteArray = bytes.copyOfRange(IDENTIFIER_LENGTH + 8, bytes.size)
}

/** The name at the start of the segment with the packet. */
internal val PACKET_NAME = "http://ns.adobe.com/xap/1.0/\u0000".toByteArray()
private val PART_NAME = "http://ns.adobe.com/xmp/extension/\u0000".toByteArray()
private const val NOTE = "http://ns.adobe.com/xmp/note/"
private const val HAS_EXTENSION = "HasExtendedXMP"
private const val IDENTIFIER_LENGTH = 32
private val PART_HEADER = PART_NAME.size + IDENTIFIER_LENGTH + 8
private val MOST_IN_PACKET = LARGEST_CONTENT - PACKET_NAME.size - 2 * IDENTIFIER_LENGTH
private val MOST_IN_PART = LARGEST_CONTENT - PART_HEADER

/** Contains only the reference to an extension. */
private const val NEW_PACKET =
    "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>" +
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">" +
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">" +
        "<rdf:Description rdf:about=\"\" xmlns:xmpNote=\"$NOTE\" xmpNote:HasExtendedXMP=\"0\"/>" +
        "</rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>"
