package org.kerasf2a.demo.photo

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.ByteOrder

/** Returns bytes from numbers, each from 0 to 255. */
internal fun bytesOf(vararg values: Int) = ByteArray(values.size) { values[it].toByte() }

/** Joins parts of a file. */
internal fun join(vararg pieces: ByteArray): ByteArray {
    val all = ByteArrayOutputStream()
    pieces.forEach { all.write(it) }
    return all.toByteArray()
}

/** Returns a JPEG segment: 0xFF, marker, length, content. */
internal fun segment(marker: Int, content: ByteArray): ByteArray {
    val length = content.size + 2
    return join(bytesOf(0xFF, marker, length shr 8, length and 0xFF), content)
}

internal val START = bytesOf(0xFF, 0xD8)
internal val END = bytesOf(0xFF, 0xD9)
internal val EXIF_NAME = join("Exif".toByteArray(), bytesOf(0, 0))
internal val JFIF = segment(0xE0, join("JFIF".toByteArray(), bytesOf(0, 1, 1, 0, 0, 1, 0, 1, 0, 0)))

/** A scan header, and image data that contains a stuffed 0xFF, a restart marker and padding. */
internal val PIXELS =
    join(
        segment(0xDA, bytesOf(1, 1, 0, 0, 63, 0)),
        bytesOf(0x12, 0xFF, 0x00, 0xD9, 0x34, 0xFF, 0xD0, 0x56, 0xFF, 0xFF, 0x00, 0x78),
    )

/** An entry of an EXIF directory. A SHORT takes the first two of the four value bytes. */
internal class Entry(val tag: Int, val type: Int, val value: Int)

internal const val SHORT = 3
internal const val LONG = 4
internal const val MAIN = 8

/** A TIFF structure: header, main directory, EXIF directory and a preview's directory. */
internal class ExifSample(private val order: ByteOrder, main: List<Entry>, photo: List<Entry>) {
    private val photoAt = MAIN + size(main.size + 1)
    private val previewAt = photoAt + size(photo.size)

    val bytes: ByteArray =
        ByteBuffer.allocate(previewAt + size(1) + MAKER_NOTE.size)
            .order(order)
            .apply {
                put((if (order == ByteOrder.BIG_ENDIAN) "MM" else "II").toByteArray())
                putShort(42)
                putInt(MAIN)
                putDirectory(main + Entry(0x8769, LONG, photoAt), previewAt)
                putDirectory(photo, 0)
                putDirectory(listOf(Entry(0x0100, LONG, 160)), 0)
                put(MAKER_NOTE)
            }
            .array()

    /** Returns the value of a tag in the main directory of a block with this structure. */
    fun main(block: ByteArray, tag: Int) = value(block, MAIN, tag)

    /** Returns the value of a tag in the EXIF directory of a block with this structure. */
    fun photo(block: ByteArray, tag: Int) = value(block, photoAt, tag)

    /** Returns the offset of the directory after the main one. */
    fun next(block: ByteArray) = reader(block).getInt(photoAt - 4)

    private fun value(block: ByteArray, directory: Int, tag: Int): Int {
        val reader = reader(block)
        for (index in 0 until reader.getShort(directory)) {
            val entry = directory + 2 + 12 * index
            if (reader.getShort(entry).toInt() and 0xFFFF != tag) continue
            val isShort = reader.getShort(entry + 2).toInt() == SHORT
            return if (isShort) reader.getShort(entry + 8).toInt() else reader.getInt(entry + 8)
        }
        throw AssertionError("no tag $tag")
    }

    private fun reader(block: ByteArray) = ByteBuffer.wrap(block).order(order)

    private fun size(entries: Int) = 2 + 12 * entries + 4

    private fun ByteBuffer.putDirectory(entries: List<Entry>, next: Int) {
        putShort(entries.size.toShort())
        for (entry in entries) {
            putShort(entry.tag.toShort())
            putShort(entry.type.toShort())
            putInt(1)
            if (entry.type == SHORT) {
                putShort(entry.value.toShort())
                putShort(0)
            } else {
                putInt(entry.value)
            }
        }
        putInt(next)
    }

    private companion object {
        val MAKER_NOTE = "what only the maker understands".toByteArray()
    }
}
