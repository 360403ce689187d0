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
        ExifBlock(copy).adapt(width, height, orientation)
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

/**
 * Returns the orientation in an EXIF block, 1 to 8. Without one, and for a damaged block, returns 1,
 * upright. Android's own class does not read EXIF from PNG and WebP files before Android 11.
 */
internal fun orientationOf(block: ByteArray?): Int = readOrNull(block) { it.orientation() } ?: 1

/** Returns whether an EXIF block says that the flash fired; null if it does not say. */
internal fun flashFired(block: ByteArray?): Boolean? =
    readOrNull(block) { exif -> exif.flash()?.let { it and FLASH_FIRED != 0 } }

private fun <Value> readOrNull(block: ByteArray?, read: (ExifBlock) -> Value?): Value? = try {
    block?.let { read(ExifBlock(it)) }
} catch (_: IndexOutOfBoundsException) {
    null
} catch (_: IllegalArgumentException) {
    null
}

/** The directories of an EXIF block, which is changed in place. */
private class ExifBlock(private val block: ByteArray) {
    private val bytes = ByteBuffer.wrap(block)

    init {
        bytes.order(byteOrder())
        require(bytes.getShort(2).toInt() == TIFF_MAGIC) { "no TIFF structure" }
    }

    private val main = bytes.getInt(4)

    fun orientation(): Int? = entryOf(main, ORIENTATION)?.let { firstNumber(it) }?.takeIf { it in 1..8 }

    fun flash(): Int? {
        val photo = offsetIn(main, PHOTO_DIRECTORY) ?: return null
        return entryOf(photo, FLASH)?.let { singleNumber(it) }
    }

    fun adapt(width: Int, height: Int, orientation: Int) {
        val values =
            mapOf(
                IMAGE_WIDTH to width,
                IMAGE_HEIGHT to height,
                ORIENTATION to orientation,
                PIXEL_WIDTH to width,
                PIXEL_HEIGHT to height,
            )
        val photo = offsetIn(main, PHOTO_DIRECTORY)
        replace(main, values)
        photo?.let { replace(it, values) }
        val link = main + 2 + ENTRY_BYTES * entryCount(main)
        blankThumbnail(link)
        bytes.putInt(link, 0) // There is no next directory.
        blankPreviews(block, photo?.let { offsetIn(it, MAKER_NOTE) })
    }

    private fun replace(directory: Int, values: Map<Int, Int>) {
        for (entry in entries(directory)) values[tag(entry)]?.let { write(entry, it) }
    }

    /** Overwrites the thumbnail of the directory that a link points to, in any format, with zeros. */
    private fun blankThumbnail(link: Int) {
        val directory = bytes.getInt(link)
        if (directory == 0) return
        try {
            for ((offsetTag, lengthTag) in THUMBNAIL_TAGS) {
                val offset = entryOf(directory, offsetTag)?.let { singleNumber(it) } ?: 0
                val length = entryOf(directory, lengthTag)?.let { singleNumber(it) } ?: 0
                // Directories, which come before the thumbnail, are never overwritten.
                val isBehind = offset > maxOf(link, directory)
                if (isBehind && length > 0 && length <= block.size - offset) {
                    block.fill(0, offset, offset + length)
                }
            }
        } catch (_: IndexOutOfBoundsException) {
            return // The directory lies beyond the end.
        }
    }

    private fun write(entry: Int, value: Int) {
        when (type(entry)) {
            TYPE_SHORT -> bytes.putShort(entry + VALUE, minOf(value, 0xFFFF).toShort())
            TYPE_LONG -> bytes.putInt(entry + VALUE, value)
        }
    }

    /** Returns the first integer of an entry; null if it holds none. */
    private fun firstNumber(entry: Int): Int? {
        val isShort = type(entry) in SHORT_TYPES
        val count = count(entry)
        if ((!isShort && type(entry) !in LONG_TYPES) || count == 0) return null
        val isInline = count in 1..if (isShort) 2 else 1
        val offset = if (isInline) entry + VALUE else bytes.getInt(entry + VALUE)
        return if (isShort) unsigned(bytes.getShort(offset)) else bytes.getInt(offset)
    }

    private fun singleNumber(entry: Int): Int? {
        val isUnsigned = type(entry) == TYPE_SHORT || type(entry) == TYPE_LONG
        return if (isUnsigned && count(entry) == 1) firstNumber(entry) else null
    }

    /** Returns the offset that an entry of a directory holds; null without such an entry. */
    private fun offsetIn(directory: Int, tag: Int): Int? =
        entryOf(directory, tag)?.let { bytes.getInt(it + VALUE) }

    /** Returns the first entry of a tag, which readers take if a file has several; null for none. */
    private fun entryOf(directory: Int, tag: Int): Int? = entries(directory).firstOrNull { tag(it) == tag }

    private fun entries(directory: Int): List<Int> =
        List(entryCount(directory)) { directory + 2 + ENTRY_BYTES * it }

    private fun entryCount(directory: Int) = unsigned(bytes.getShort(directory))

    private fun tag(entry: Int) = unsigned(bytes.getShort(entry))

    private fun type(entry: Int) = unsigned(bytes.getShort(entry + 2))

    private fun count(entry: Int) = bytes.getInt(entry + 4)

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

/** Unsigned and signed. */
private val SHORT_TYPES = setOf(TYPE_SHORT, 8)
private val LONG_TYPES = setOf(TYPE_LONG, 9)
private const val IMAGE_WIDTH = 0x0100
private const val IMAGE_HEIGHT = 0x0101
private const val ORIENTATION = 0x0112
private const val PHOTO_DIRECTORY = 0x8769
private const val FLASH = 0x9209

/** The bit of `Flash` that says that it fired. */
private const val FLASH_FIRED = 1
private const val MAKER_NOTE = 0x927C
private const val PIXEL_WIDTH = 0xA002
private const val PIXEL_HEIGHT = 0xA003

/** Tags of a thumbnail's position and length, compressed or not. */
private val THUMBNAIL_TAGS = listOf(Pair(0x0201, 0x0202), Pair(0x0111, 0x0117))
