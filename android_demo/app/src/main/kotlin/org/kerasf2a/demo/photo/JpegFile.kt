package org.kerasf2a.demo.photo

import java.io.File
import java.io.IOException
import java.io.OutputStream
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.channels.FileChannel

/** The parts of a JPEG file, found by their markers; nothing is decoded. */
class JpegFile(private val file: File) {
    /**
     * What the file holds beside its picture.
     *
     * @property exif its EXIF block, from the byte order on; null if it has none.
     * @property isWhole whether the picture's data go on to the mark of their end.
     */
    class Content(val exif: ByteArray?, val isWhole: Boolean)

    /** Reads the file's content; null if it is no JPEG file. */
    fun read(): Content? =
        try {
            RandomAccessFile(file, "r").use { open ->
                val length = minOf(open.length(), MOST_BYTES)
                scan(open.channel.map(FileChannel.MapMode.READ_ONLY, 0, length))
            }
        } catch (_: IOException) {
            null
        }

    /** Copies the file with this EXIF block in front, where cameras write it. */
    fun copyWithExif(block: ByteArray, target: OutputStream) {
        file.inputStream().use { source ->
            repeat(2) { source.read() } // The mark of the start is written anew.
            target.write(byteArrayOf(MARK, START))
            val length = block.size + EXIF_NAME.size + 2
            target.write(byteArrayOf(MARK, APP1, (length shr 8).toByte(), length.toByte()))
            target.write(EXIF_NAME)
            target.write(block)
            source.copyTo(target)
        }
    }

    private fun scan(bytes: ByteBuffer): Content? {
        if (bytes.limit() < 4 || bytes[0] != MARK || bytes[1] != START) return null
        var exif: ByteArray? = null
        var position = 2
        while (position + 4 <= bytes.limit()) {
            if (bytes[position] != MARK) {
                position++ // Coded pixels, or padding.
                continue
            }
            val marker = bytes[position + 1]
            position +=
                when {
                    marker == END -> return Content(exif, true)
                    marker == MARK -> 1
                    standsAlone(marker) -> 2
                    else -> {
                        if (marker == APP1 && exif == null) exif = exifAt(bytes, position)
                        2 + unsignedShort(bytes, position + 2)
                    }
                }
        }
        return Content(exif, endsAt(bytes, position))
    }

    // The last two bytes, which the loop does not reach.
    private fun endsAt(bytes: ByteBuffer, position: Int): Boolean {
        for (at in position until bytes.limit() - 1) {
            if (bytes[at] == MARK && bytes[at + 1] == END) return true
        }
        return false
    }

    // A zero after the mark means that it belongs to the coded pixels.
    private fun standsAlone(marker: Byte): Boolean =
        marker.toInt() == 0 || marker.toInt() and 0xFF in FIRST_RESTART..LAST_RESTART

    private fun exifAt(bytes: ByteBuffer, position: Int): ByteArray? {
        val start = position + 4
        val end = position + 2 + unsignedShort(bytes, position + 2)
        if (end > bytes.limit() || end - start <= EXIF_NAME.size) return null
        if (EXIF_NAME.indices.any { bytes[start + it] != EXIF_NAME[it] }) return null
        return ByteArray(end - start - EXIF_NAME.size) { bytes[start + EXIF_NAME.size + it] }
    }

    private fun unsignedShort(bytes: ByteBuffer, position: Int): Int =
        (bytes[position].toInt() and 0xFF shl 8) or (bytes[position + 1].toInt() and 0xFF)

    private companion object {
        // A picture ends long before; a film may follow it.
        const val MOST_BYTES = 1L shl 30
        const val MARK = 0xFF.toByte()
        const val START = 0xD8.toByte()
        const val END = 0xD9.toByte()
        const val APP1 = 0xE1.toByte()
        const val FIRST_RESTART = 0xD0
        const val LAST_RESTART = 0xD7
        val EXIF_NAME = byteArrayOf(0x45, 0x78, 0x69, 0x66, 0, 0) // "Exif", two zeros
    }
}
