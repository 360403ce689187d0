package org.kerasf2a.demo.photo

import java.nio.ByteBuffer

/**
 * Returns the index of the images in one JPEG file (CIPA DC-007, the Multi-Picture Format). There
 * are two images, the second directly after the first.
 *
 * @param position the future position of the segment in the file.
 * @param first bytes of the first image, including this segment of [INDEX_LENGTH] bytes.
 * @param second bytes of the second image.
 */
internal fun indexOfTwo(position: Int, first: Int, second: Int): Segment {
    val index = ByteBuffer.allocate(INDEX_LENGTH - 4)
    index.put(NAME)
    index.put("MM".toByteArray()).putShort(42).putInt(DIRECTORY)
    index.putShort(3)
    index.putShort(VERSION).putShort(UNDEFINED).putInt(4).put("0100".toByteArray())
    index.putShort(COUNT).putShort(LONG).putInt(1).putInt(2)
    index.putShort(ENTRIES).putShort(UNDEFINED).putInt(2 * ENTRY_BYTES).putInt(ENTRIES_AT)
    index.putInt(0)
    index.putInt(PRIMARY_PICTURE).putInt(first).putInt(0).putInt(0)
    index.putInt(0).putInt(second).putInt(first - (position + 4 + NAME.size)).putInt(0)
    return Segment(APP2, index.array())
}

private val NAME = "MPF\u0000".toByteArray()
private const val VERSION = 0xB000.toShort()
private const val COUNT = 0xB001.toShort()
private const val ENTRIES = 0xB002.toShort()
private const val LONG: Short = 4
private const val UNDEFINED: Short = 7
private const val PRIMARY_PICTURE = 0x030000
private const val ENTRY_BYTES = 16
private const val DIRECTORY = 8
private const val ENTRIES_AT = DIRECTORY + 2 + 3 * 12 + 4

/** Bytes of the segment with an index of two images. */
internal const val INDEX_LENGTH = 4 + 4 + ENTRIES_AT + 2 * ENTRY_BYTES
