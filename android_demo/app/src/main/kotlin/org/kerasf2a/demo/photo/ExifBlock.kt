package org.kerasf2a.demo.photo

import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * Returns a copy of an EXIF block, adapted to an image of another size. Size and orientation
 * change. The thumbnail is unlinked, and all previews that can be found, including those in the
 * maker notes, are overwritten, because they show the uncorrected photograph. Every other byte
 * stays.
 *
 * @param block the TIFF structure from [JpegFile].
 * @param width columns of the new image.
 * @param height rows of the new image.
 * @param orientation orientation of the new image, as in EXIF.
 * @return the copy; null if the block is damaged.
 */
fun exifFor(block: ByteArray, width: Int, height: Int, orientation: Int): ByteArray? {
    val copy = block.copyOf()
    return try {
        ExifEditor(copy).adapt(width, height, orientation)
        copy
    } catch (_: IndexOutOfBoundsException) {
        null
    } catch (_: IllegalArgumentException) {
        null
    }
}

/** Returns an EXIF block with only an orientation. */
fun exifOf(orientation: Int): ByteArray {
    val block = ByteBuffer.allocate(8 + 2 + ENTRY_BYTES + 4)
    block.putShort(MOTOROLA.toShort()).putShort(TIFF_MAGIC.toShort()).putInt(8)
    block.putShort(1)
    block.putShort(ORIENTATION.toShort()).putShort(TYPE_SHORT.toShort()).putInt(1)
    block.putShort(orientation.toShort()).putShort(0).putInt(0)
    return block.array()
}

private class ExifEditor(block: ByteArray) {
    private val bytes = ByteBuffer.wrap(block)

    fun adapt(width: Int, height: Int, orientation: Int) {
        bytes.order(byteOrder())
        require(bytes.getShort(2).toInt() == TIFF_MAGIC) { "no TIFF structure" }
        val main = bytes.getInt(4)
        val values =
            mapOf(
                IMAGE_WIDTH to width,
                IMAGE_HEIGHT to height,
                ORIENTATION to orientation,
                PIXEL_WIDTH to width,
                PIXEL_HEIGHT to height,
            )
        val photo = replace(main, values, PHOTO_DIRECTORY)
        val note = photo?.let { replace(it, values, MAKER_NOTE) }
        bytes.putInt(main + 2 + ENTRY_BYTES * entries(main), 0) // There is no next directory.
        blankPreviews(bytes.array(), note)
    }

    /** Replaces the values in one directory. Returns the offset in the entry [wanted], or null. */
    private fun replace(directory: Int, values: Map<Int, Int>, wanted: Int): Int? {
        var place: Int? = null
        for (index in 0 until entries(directory)) {
            val entry = directory + 2 + ENTRY_BYTES * index
            val tag = unsigned(bytes.getShort(entry))
            if (tag == wanted) place = bytes.getInt(entry + VALUE)
            values[tag]?.let { write(entry, it) }
        }
        return place
    }

    private fun write(entry: Int, value: Int) {
        when (unsigned(bytes.getShort(entry + 2))) {
            TYPE_SHORT -> bytes.putShort(entry + VALUE, minOf(value, 0xFFFF).toShort())
            TYPE_LONG -> bytes.putInt(entry + VALUE, value)
        }
    }

    private fun entries(directory: Int) = unsigned(bytes.getShort(directory))

    private fun byteOrder(): ByteOrder = when (bytes.getShort(0).toInt()) {
        INTEL -> ByteOrder.LITTLE_ENDIAN
        MOTOROLA -> ByteOrder.BIG_ENDIAN
        else -> throw IllegalArgumentException("no byte order")
    }

    private fun unsigned(value: Short) = value.toInt() and 0xFFFF
}

private const val INTEL = 0x4949
private const val MOTOROLA = 0x4D4D
private const val TIFF_MAGIC = 42
private const val ENTRY_BYTES = 12
private const val VALUE = 8
private const val TYPE_SHORT = 3
private const val TYPE_LONG = 4
private const val IMAGE_WIDTH = 0x0100
private const val IMAGE_HEIGHT = 0x0101
private const val ORIENTATION = 0x0112
private const val PHOTO_DIRECTORY = 0x8769
private const val MAKER_NOTE = 0x927C
private const val PIXEL_WIDTH = 0xA002
private const val PIXEL_HEIGHT = 0xA003
