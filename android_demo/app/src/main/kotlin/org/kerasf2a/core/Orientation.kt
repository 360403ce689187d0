package org.kerasf2a.core

/**
 * How the stored pixels of a photograph must be turned to stand upright, as EXIF numbers it.
 *
 * @property exif the value of EXIF's tag 0x0112.
 * @property swapsSides whether the upright photograph's width is the stored one's height.
 */
enum class Orientation(
    val exif: Int,
    val swapsSides: Boolean,
    private val fromTheRight: Boolean,
    private val fromTheBottom: Boolean,
) {
    UPRIGHT(1, false, false, false),
    MIRRORED(2, false, true, false),
    UPSIDE_DOWN(3, false, true, true),
    MIRRORED_UPSIDE_DOWN(4, false, false, true),
    TRANSPOSED(5, true, false, false),
    TURN_CLOCKWISE(6, true, false, true),
    TRANSVERSED(7, true, true, true),
    TURN_COUNTERCLOCKWISE(8, true, true, false),
    ;

    /** Columns of the upright photograph whose stored size is [width] x [height]. */
    fun uprightWidth(width: Int, height: Int): Int = if (swapsSides) height else width

    /** Rows of the upright photograph whose stored size is [width] x [height]. */
    fun uprightHeight(width: Int, height: Int): Int = if (swapsSides) width else height

    /**
     * Returns a view of stored pixels in which they stand upright: what is read is turned, what is
     * written is turned back, and nothing else is copied.
     */
    fun upright(stored: PhotoBuffer): PhotoBuffer = if (this == UPRIGHT) stored else UprightView(stored)

    private inner class UprightView(private val stored: PhotoBuffer) : PhotoBuffer {
        override val width = uprightWidth(stored.width, stored.height)
        override val height = uprightHeight(stored.width, stored.height)
        private var buffer = IntArray(0)

        override fun read(left: Int, top: Int, columns: Int, rows: Int, into: IntArray) {
            val area = StoredArea(left, top, columns, rows)
            stored.read(area.left, area.top, area.columns, area.rows, enlarged(columns * rows))
            for (row in 0 until rows) {
                var position = area.position(row)
                for (index in row * columns until (row + 1) * columns) {
                    into[index] = buffer[position]
                    position += area.step
                }
            }
        }

        override fun write(left: Int, top: Int, columns: Int, rows: Int, from: IntArray) {
            val area = StoredArea(left, top, columns, rows)
            enlarged(columns * rows)
            for (row in 0 until rows) {
                var position = area.position(row)
                for (index in row * columns until (row + 1) * columns) {
                    buffer[position] = from[index]
                    position += area.step
                }
            }
            stored.write(area.left, area.top, area.columns, area.rows, buffer)
        }

        private fun enlarged(size: Int): IntArray {
            if (buffer.size < size) buffer = IntArray(size)
            return buffer
        }

        /** Where an upright rectangle is stored, and in which order its pixels follow there. */
        private inner class StoredArea(left: Int, top: Int, columns: Int, rows: Int) {
            val columns = if (swapsSides) rows else columns
            val rows = if (swapsSides) columns else rows
            val left = edge(if (swapsSides) top else left, this.columns, stored.width, fromTheRight)
            val top = edge(if (swapsSides) left else top, this.rows, stored.height, fromTheBottom)

            /** From a pixel to the next one of the upright row, in the stored rectangle. */
            val step: Int
                get() = if (swapsSides) downwards() else rightwards()

            /** Of the first pixel of an upright row, in the stored rectangle. */
            fun position(row: Int): Int {
                val corner =
                    (if (fromTheRight) columns - 1 else 0) +
                        (if (fromTheBottom) (rows - 1) * columns else 0)
                return corner + row * (if (swapsSides) rightwards() else downwards())
            }

            private fun rightwards() = if (fromTheRight) -1 else 1

            private fun downwards() = if (fromTheBottom) -columns else columns

            private fun edge(start: Int, count: Int, size: Int, mirrored: Boolean) =
                if (mirrored) size - start - count else start
        }
    }

    companion object {
        /** The orientation that an EXIF value names; upright for a value that names none. */
        fun of(exif: Int): Orientation = values().firstOrNull { it.exif == exif } ?: UPRIGHT
    }
}
