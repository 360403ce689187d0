package org.kerasf2a.demo.photo

import java.nio.ByteBuffer

/** Contents of a file that a correction cannot keep. */
enum class LeftOut { VIDEO, DEPTH, SOUND, HDR }

/**
 * Lists the known kinds of data after or inside a JPEG image, each kind once.
 *
 * @param trailing the bytes after the image in the file, except a gain map that is kept.
 * @param xmp the XMP of the image as stored in the file.
 */
internal fun companionsOf(trailing: List<ByteBuffer>, xmp: Xmp): Set<LeftOut> {
    val packet = XmpPacket(xmp.packet)
    val found = packet.items().mapNotNull { SEMANTICS[it.semantic] }.toMutableSet()
    for (part in listOf(packet, XmpPacket(xmp.extension))) {
        if (part.uses(DEPTH_MAP)) found += LeftOut.DEPTH
        if (part.uses(SOUND)) found += LeftOut.SOUND
    }
    val isMoving = listOf("MotionPhoto", "MicroVideo").any { (packet[CAMERA, it] ?: "0") != "0" }
    if (isMoving && trailing.any { it.limit() > 0 }) found += LeftOut.VIDEO
    for (bytes in trailing) {
        for ((mark, kind) in MARKS) if (find(bytes, mark, 0) != null) found += kind
        if (holdsVideo(bytes)) found += LeftOut.VIDEO
    }
    return found
}

/** Removes the depth maps, sound and second images that phones write into XMP. */
internal fun XmpPacket.removeCompanions() = listOf(DEPTH_MAP, IMAGE, SOUND).forEach { remove(it) }

/** Returns whether an MP4 file starts anywhere in the bytes. */
private fun holdsVideo(bytes: ByteBuffer): Boolean {
    var position = find(bytes, VIDEO_MARK, 0)
    while (position != null) {
        if (position >= 4 && position + 8 <= bytes.limit()) {
            val size = bytes.getInt(position - 4)
            val isText = (4 until 8).all { bytes[position + it] >= 0 }
            if (size in 16..256 && size % 4 == 0 && isText) return true
        }
        position = find(bytes, VIDEO_MARK, position + 1)
    }
    return false
}

private val SEMANTICS =
    mapOf(
        "MotionPhoto" to LeftOut.VIDEO,
        "Depth" to LeftOut.DEPTH,
        "DepthMap" to LeftOut.DEPTH,
        "ConfidenceMap" to LeftOut.DEPTH,
        "Audio" to LeftOut.SOUND,
    )

/** Marks that phones write after the image, or into the XMP of a second one. */
private val MARKS =
    mapOf(
        "MotionPhoto_Data" to LeftOut.VIDEO,
        "DualShot_DepthMap" to LeftOut.DEPTH,
        "SoundShot_" to LeftOut.SOUND,
        "kCGImageAuxiliaryDataTypeDepth" to LeftOut.DEPTH,
        "kCGImageAuxiliaryDataTypeDisparity" to LeftOut.DEPTH,
        ":aux:disparity" to LeftOut.DEPTH,
        ":aux:depth" to LeftOut.DEPTH,
    )
        .mapKeys { it.key.toByteArray() }
private val VIDEO_MARK = "ftyp".toByteArray()
private const val DEPTH_MAP = "http://ns.google.com/photos/1.0/depthmap/"
private const val IMAGE = "http://ns.google.com/photos/1.0/image/"
private const val SOUND = "http://ns.google.com/photos/1.0/audio/"
