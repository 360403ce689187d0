package org.kerasf2a.demo.photo

import java.nio.ByteBuffer
import java.util.zip.DataFormatException
import java.util.zip.Inflater

/**
 * Reads the metadata of a PNG file. EXIF and XMP have chunks of their own. Older versions of
 * ImageMagick store them as hexadecimal text, which counts if there is no such chunk.
 */
internal fun readPng(bytes: ByteBuffer): OtherFile {
    var exif: ByteArray? = null
    var xmp: ByteArray? = null
    var isGray = false
    val texts = mutableMapOf<String, ByteArray>()
    val chunks = chunksOf(bytes)
    for (chunk in chunks) {
        when (chunk.name) {
            "IHDR" -> isGray = bytes[chunk.start + COLOR_TYPE].toInt() in GRAY_TYPES
            "eXIf" -> exif = copyOf(bytes, chunk.start, chunk.end)
            "iTXt" -> decodeXmp(copyOf(bytes, chunk.start, chunk.end))?.let { xmp = it }
            "tEXt", "zTXt" -> {
                val isCompressed = chunk.name == "zTXt"
                decodeProfile(copyOf(bytes, chunk.start, chunk.end), isCompressed)?.let { texts += it }
            }
        }
    }
    val block = exif ?: texts["exif"] ?: texts["APP1"]?.takeIf { startsWith(it, EXIF_SEGMENT) }
    val named = texts["APP1"]?.takeIf { startsWith(it, PACKET_NAME) }
    val packet = xmp ?: texts["xmp"] ?: named?.let { it.copyOfRange(PACKET_NAME.size, it.size) }
    return OtherFile(
        block?.let { withoutName(it) },
        packet ?: ByteArray(0),
        isGray = isGray,
        usesExifOrientation = true,
        isComplete = chunks.any { it.name == "IEND" },
    )
}

private class Chunk(val name: String, val start: Int, val end: Int)

/** Returns the chunks that are complete. */
private fun chunksOf(bytes: ByteBuffer): List<Chunk> {
    val chunks = mutableListOf<Chunk>()
    var position = 8
    while (position + 12 <= bytes.limit()) {
        val start = position + 8
        val size = bytes.getInt(position)
        if (size < 0 || size > bytes.limit() - start - 4) break
        chunks += Chunk(textAt(bytes, position + 4, 4), start, start + size)
        position = start + size + 4
    }
    return chunks
}

/** Returns the XMP in a chunk: key, 0, compressed or not, method, language, 0, key, 0, text. */
private fun decodeXmp(chunk: ByteArray): ByteArray? {
    if (!startsWith(chunk, XMP_KEY)) return null
    val language = indexOfZero(chunk, XMP_KEY.size + 2) ?: return null
    val key = indexOfZero(chunk, language + 1) ?: return null
    val text = chunk.copyOfRange(key + 1, chunk.size)
    return if (chunk[XMP_KEY.size].toInt() == 0) text else inflate(text)
}

/** Returns the type and the content of a profile in hexadecimal text; null for any other text. */
private fun decodeProfile(chunk: ByteArray, isCompressed: Boolean): Pair<String, ByteArray>? {
    val type = PROFILE_TYPES.firstOrNull { startsWith(chunk, "$PROFILE_KEY$it\u0000".toByteArray()) }
    type ?: return null
    val start = PROFILE_KEY.length + type.length + 1
    val stored = chunk.copyOfRange(minOf(start + if (isCompressed) 1 else 0, chunk.size), chunk.size)
    val text = (if (isCompressed) inflate(stored) else stored) ?: return null
    // The type and the length come before the data.
    val fields = String(text, Charsets.ISO_8859_1).trim().split(WHITESPACE, limit = 3)
    val digits = fields.getOrNull(2)?.filterNot { it.isWhitespace() } ?: return null
    if (digits.length % 2 != 0 || digits.any { Character.digit(it, HEX) < 0 }) return null
    val content = ByteArray(digits.length / 2) { digits.substring(2 * it, 2 * it + 2).toInt(HEX).toByte() }
    return Pair(type, content)
}

/** Decompresses a text; null if it is damaged or larger than any packet. */
private fun inflate(compressed: ByteArray): ByteArray? {
    val inflater = Inflater()
    val text = ByteArray(MAX_TEXT_SIZE)
    return try {
        inflater.setInput(compressed)
        var size = 0
        while (!inflater.finished()) {
            val count = inflater.inflate(text, size, text.size - size)
            if (count == 0) return null
            size += count
        }
        text.copyOf(size)
    } catch (_: DataFormatException) {
        null
    } finally {
        inflater.end()
    }
}

private fun indexOfZero(bytes: ByteArray, start: Int): Int? =
    (start until bytes.size).firstOrNull { bytes[it].toInt() == 0 }

private const val MAX_TEXT_SIZE = 1 shl 23
private const val HEX = 16
private const val COLOR_TYPE = 9
private val GRAY_TYPES = setOf(0, 4)
private val XMP_KEY = "XML:com.adobe.xmp\u0000".toByteArray()
private const val PROFILE_KEY = "Raw profile type "
private val PROFILE_TYPES = listOf("exif", "APP1", "xmp")
private val WHITESPACE = Regex("\\s+")
