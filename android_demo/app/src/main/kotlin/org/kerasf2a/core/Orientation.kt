package org.kerasf2a.core

/**
 * How to rotate or mirror the stored pixels of a photograph to make it upright, as in EXIF.
 *
 * @property exif the value of EXIF's tag 0x0112.
 * @property swapsSides whether the upright photograph's width is the stored height.
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

    /** Returns the columns of an upright photograph whose stored size is [width] x [height]. */
    fun uprightWidth(width: Int, height: Int): Int = if (swapsSides) height else width

    /** Returns the rows of an upright photograph whose stored size is [width] x [height]. */
    fun uprightHeight(width: Int, height: Int): Int = if (swapsSides) width else height

    /**
     * Returns an upright view of stored pixels. Reads and writes are converted between the two
     * orientations, and nothing else is copied.
     */
    fun upright(stored: PhotoBuffer): PhotoBuffer = if (this == UPRIGHT) stored else UprightView(stored)

    private inner class UprightView(private val stored: PhotoBuffer) : PhotoBuffer {
        override val width = uprightWidth(stored.width, stored.height)
        override val height = uprightHeight(stored.width, stored.height)
        private var buffer = IntArray(0)

        override fun read(left: Int, top: Int, columns: Int, rows: Int, into: IntArray) {
            val area = StoredArea(left, top, columns, rows)
            stored.read(area.left, area.top, area.columns, area.rows, resizeBuffer(columns * rows))
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
            resizeBuffer(columns * rows)
            for (row in 0 until rows) {
                var position = area.position(row)
                for (index in row * columns until (row + 1) * columns) {
                    buffer[position] = from[index]
                    position += area.step
                }
            }
            stored.write(area.left, area.top, area.columns, area.rows, buffer)
        }

        private fun resizeBuffer(size: Int): IntArray {
            if (buffer.size < size) buffer = IntArray(size)
            return buffer
        }

        /** The stored rectangle of an upright one, and the order of its pixels. */
        private inner class StoredArea(left: Int, top: Int, columns: Int, rows: Int) {
            val columns = if (swapsSides) rows else columns
            val rows = if (swapsSides) columns else rows
            val left = edge(if (swapsSides) top else left, this.columns, stored.width, fromTheRight)
            val top = edge(if (swapsSides) left else top, this.rows, stored.height, fromTheBottom)

            /** Offset in the stored rectangle between neighbors of an upright row. */
            val step: Int
                get() = if (swapsSides) downwards() else rightwards()

            /** Returns the position in the stored rectangle of an upright row's first pixel. */
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
        /** Returns the orientation of an EXIF value; upright for an invalid value. */
        fun of(exif: Int): Orientation = values().firstOrNull { it.exif == exif } ?: UPRIGHT
    }
}
