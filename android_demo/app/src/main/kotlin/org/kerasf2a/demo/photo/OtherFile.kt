package org.kerasf2a.demo.photo

import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.util.zip.DataFormatException
import java.util.zip.Inflater

/**
 * The metadata of a photograph's file in a format other than JPEG, read without decoding.
 *
 * @property exif its EXIF block, starting at its byte order mark; null if there is none.
 * @property xmp its XMP packet; empty if there is none.
 * @property leftOut contents of the file that cannot be kept.
 * @property isGray whether its pixels are gray levels; detected for PNG files only.
 */
internal class OtherFile(
    val exif: ByteArray? = null,
    val xmp: ByteArray = ByteArray(0),
    val leftOut: Set<LeftOut> = emptySet(),
    val isGray: Boolean = false,
) {
    companion object {
        /**
         * Reads a PNG, WebP or HEIC file. For a damaged file or another format, the result is
         * empty.
         */
        fun read(file: File): OtherFile = try {
            RandomAccessFile(file, "r").use { open ->
                val length = minOf(open.length(), MOST_BYTES)
                of(open.channel.map(FileChannel.MapMode.READ_ONLY, 0, length))
            }
        } catch (_: IOException) {
            OtherFile()
        } catch (_: RuntimeException) { // An offset or a length in the file is invalid.
            OtherFile()
        }

        private fun of(bytes: ByteBuffer): OtherFile = when {
            textAt(bytes, 1, 3) == "PNG" -> ofPng(bytes)
            textAt(bytes, 0, 4) == "RIFF" && textAt(bytes, 8, 4) == "WEBP" -> ofWebp(bytes)
            textAt(bytes, 4, 4) == "ftyp" -> HeifItems(bytes).read()
            else -> OtherFile()
        }

        private fun ofPng(bytes: ByteBuffer): OtherFile {
            var exif: ByteArray? = null
            var xmp = ByteArray(0)
            var isGray = false
            var place = 8
            while (place + 12 <= bytes.limit()) {
                val start = place + 8
                val size = bytes.getInt(place)
                if (size < 0 || size > bytes.limit() - start - 4) break
                val end = start + size
                when (textAt(bytes, place + 4, 4)) {
                    "IHDR" -> isGray = bytes[start + COLOR_TYPE].toInt() in GRAY_TYPES
                    "eXIf" -> exif = copyOf(bytes, start, end)
                    "iTXt" -> textOf(copyOf(bytes, start, end))?.let { xmp = it }
                }
                place = end + 4
            }
            return OtherFile(exif, xmp, isGray = isGray)
        }

        /**
         * Returns the XMP in a chunk: key, 0, compressed or not, method, language, 0, key, 0, text.
         */
        private fun textOf(chunk: ByteArray): ByteArray? {
            if (!String(chunk, Charsets.ISO_8859_1).startsWith(XMP_KEY)) return null
            val language = indexOfZero(chunk, XMP_KEY.length + 2)
            val text = chunk.copyOfRange(indexOfZero(chunk, language + 1) + 1, chunk.size)
            return if (chunk[XMP_KEY.length].toInt() == 0) text else inflated(text)
        }

        private fun indexOfZero(bytes: ByteArray, start: Int): Int {
            var place = start
            while (bytes[place].toInt() != 0) place++
            return place
        }

        /** Decompresses a text; null if it is damaged or larger than any packet. */
        private fun inflated(packed: ByteArray): ByteArray? {
            val inflater = Inflater()
            val text = ByteArray(MOST_XMP)
            return try {
                inflater.setInput(packed)
                var size = 0
                while (!inflater.finished()) {
                    val more = inflater.inflate(text, size, text.size - size)
                    if (more == 0) return null
                    size += more
                }
                text.copyOf(size)
            } catch (_: DataFormatException) {
                null
            } finally {
                inflater.end()
            }
        }

        private fun ofWebp(bytes: ByteBuffer): OtherFile {
            var exif: ByteArray? = null
            var xmp = ByteArray(0)
            var place = 12
            while (place + 8 <= bytes.limit()) {
                val start = place + 8
                val size = Integer.reverseBytes(bytes.getInt(place + 4))
                if (size < 0 || size > bytes.limit() - start) break
                val end = start + size
                when (textAt(bytes, place, 4)) {
                    "EXIF" -> exif = withoutName(copyOf(bytes, start, end))
                    "XMP " -> xmp = copyOf(bytes, start, end)
                }
                place = end + size % 2
            }
            return OtherFile(exif, xmp)
        }

        /** Some programs write the name of JPEG's EXIF segment before the block. */
        private fun withoutName(block: ByteArray): ByteArray {
            val size = EXIF_SEGMENT.size
            val isNamed = block.size > size && block.copyOf(size).contentEquals(EXIF_SEGMENT)
            return if (isNamed) block.copyOfRange(size, block.size) else block
        }

        private const val MOST_BYTES = 1L shl 30
        private const val MOST_XMP = 1 shl 23
        private const val COLOR_TYPE = 9
        private val GRAY_TYPES = setOf(0, 4)
        private const val XMP_KEY = "XML:com.adobe.xmp\u0000"
    }
}

/** Returns the characters at a position; fewer at the end of the file. */
internal fun textAt(bytes: ByteBuffer, place: Int, length: Int): String {
    val end = minOf(place + length, bytes.limit())
    return if (place >= end) "" else String(copyOf(bytes, place, end), Charsets.ISO_8859_1)
}
