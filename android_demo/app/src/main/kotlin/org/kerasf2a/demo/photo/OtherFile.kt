package org.kerasf2a.demo.photo

import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.channels.FileChannel

/**
 * The metadata of a photograph's file in a format other than JPEG, read without decoding.
 *
 * @property exif its EXIF block, starting at its byte order mark; null if there is none.
 * @property xmp its XMP packet; empty if there is none.
 * @property leftOut contents of the file that cannot be kept.
 * @property isGray whether its pixels are gray levels; detected for PNG files only.
 * @property usesExifOrientation whether the orientation in [exif] tells how its pixels are stored, as in
 *   PNG and WebP files. HEIC files say it elsewhere too.
 * @property isComplete false if the file is a truncated PNG or WebP file.
 */
internal class OtherFile(
    val exif: ByteArray? = null,
    val xmp: ByteArray = ByteArray(0),
    val leftOut: Set<LeftOut> = emptySet(),
    val isGray: Boolean = false,
    val usesExifOrientation: Boolean = false,
    val isComplete: Boolean = true,
) {
    companion object {
        /**
         * Reads a PNG, WebP or HEIC file. For a damaged file or another format, the result is
         * empty.
         */
        fun read(file: File): OtherFile = try {
            RandomAccessFile(file, "r").use { open ->
                val length = minOf(open.length(), MAX_BYTES)
                of(open.channel.map(FileChannel.MapMode.READ_ONLY, 0, length))
            }
        } catch (_: IOException) {
            OtherFile()
        } catch (_: RuntimeException) { // An offset or a length in the file is invalid.
            OtherFile()
        }

        private fun of(bytes: ByteBuffer): OtherFile = when {
            textAt(bytes, 1, 3) == "PNG" -> readPng(bytes)
            textAt(bytes, 0, 4) == "RIFF" && textAt(bytes, 8, 4) == "WEBP" -> readWebp(bytes)
            textAt(bytes, 4, 4) == "ftyp" -> HeifItems(bytes).read()
            else -> OtherFile()
        }

        private fun readWebp(bytes: ByteBuffer): OtherFile {
            var exif: ByteArray? = null
            var xmp = ByteArray(0)
            var position = 12
            while (position + 8 <= bytes.limit()) {
                val start = position + 8
                val size = Integer.reverseBytes(bytes.getInt(position + 4))
                if (size < 0 || size > bytes.limit() - start) break
                val end = start + size
                when (textAt(bytes, position, 4)) {
                    "EXIF" -> exif = withoutName(copyOf(bytes, start, end))
                    "XMP " -> xmp = copyOf(bytes, start, end)
                }
                position = end + size % 2
            }
            val isComplete = Integer.reverseBytes(bytes.getInt(4)) <= bytes.limit() - 8
            return OtherFile(exif, xmp, usesExifOrientation = true, isComplete = isComplete)
        }

        private const val MAX_BYTES = 1L shl 30
    }
}

/** Returns a block without the name of JPEG's EXIF segment, which some programs write before it. */
internal fun withoutName(block: ByteArray): ByteArray {
    var rest = block
    while (startsWith(rest, EXIF_SEGMENT)) rest = rest.copyOfRange(EXIF_SEGMENT.size, rest.size)
    return rest
}

/** Returns whether the bytes begin with others. */
internal fun startsWith(bytes: ByteArray, prefix: ByteArray): Boolean =
    bytes.size >= prefix.size && prefix.indices.all { bytes[it] == prefix[it] }

/** Returns the characters at a position; fewer at the end of the file. */
internal fun textAt(bytes: ByteBuffer, position: Int, length: Int): String {
    val end = minOf(position + length, bytes.limit())
    return if (position >= end) "" else String(copyOf(bytes, position, end), Charsets.ISO_8859_1)
}
