package org.kerasf2a.core

/**
 * How the small copy of a photograph is laid into the image that the network receives; the same as
 * `keras_f2a.correction.working_copy` of the Python package.
 *
 * The copy keeps the photograph's aspect ratio and is never an enlargement. What the frame has more
 * than the copy is filled by the copy's mirror image on all sides. A photograph of the other
 * orientation than the frame is turned by a quarter turn, counterclockwise, into it: so the network
 * sees the scene at the scale it was trained at.
 *
 * @property height rows of the copy.
 * @property width columns of the copy.
 * @property frameHeight rows of the network's input.
 * @property frameWidth columns of the network's input.
 * @property turned whether the copy is turned into the frame.
 */
internal data class WorkingCopy(
    val height: Int,
    val width: Int,
    val frameHeight: Int,
    val frameWidth: Int,
    val turned: Boolean,
) {
    private val rowsInFrame = if (turned) width else height
    private val columnsInFrame = if (turned) height else width
    private val top = (frameHeight - rowsInFrame) / 2
    private val left = (frameWidth - columnsInFrame) / 2

    /** Lays the copy into the network's input and fills the rest with its mirror image. */
    fun intoFrame(copy: RgbImage): RgbImage {
        val frame = RgbImage(frameHeight, frameWidth)
        for (frameRow in 0 until frameHeight) {
            val row = mirrored(frameRow - top, rowsInFrame)
            for (frameColumn in 0 until frameWidth) {
                val column = mirrored(frameColumn - left, columnsInFrame)
                if (turned) {
                    frame.copyPixel(frameRow, frameColumn, copy, column, width - 1 - row)
                } else {
                    frame.copyPixel(frameRow, frameColumn, copy, row, column)
                }
            }
        }
        return frame
    }

    /** Cuts the copy's part, upright again, out of the network's output. */
    fun outOfFrame(frame: RgbImage): RgbImage {
        val copy = RgbImage(height, width)
        for (row in 0 until height) {
            for (column in 0 until width) {
                val frameRow = top + if (turned) width - 1 - column else row
                val frameColumn = left + if (turned) row else column
                copy.copyPixel(row, column, frame, frameRow, frameColumn)
            }
        }
        return copy
    }

    /**
     * Cuts the copy's part out of a network's answer to a light; the copy must not be turned.
     *
     * @throws PhotoError.ModelFailed if the answer is smaller than the frame, or holds no numbers.
     */
    fun gainOutOfFrame(gain: LogGain): Plane {
        check(!turned)
        if (gain.height < frameHeight || gain.width < frameWidth) {
            throw PhotoError.ModelFailed("${gain.width} x ${gain.height} for $frameWidth x $frameHeight")
        }
        if (gain.values.any { it.isNaN() || it.isInfinite() }) {
            throw PhotoError.ModelFailed("the output holds values that are not numbers")
        }
        val plane = Plane(height, width)
        plane.change { index, _ ->
            gain.values[(top + index / width) * gain.width + left + index % width].toDouble()
        }
        return plane
    }

    companion object {
        /** Plans the copy of a photograph for a network that takes one size only. */
        fun of(height: Int, width: Int, frameHeight: Int, frameWidth: Int): WorkingCopy {
            val turned = (height - width).toLong() * (frameHeight - frameWidth) < 0
            return planned(height, width, frameHeight, frameWidth, turned)
        }

        /** The same for a network that must see the photograph upright. */
        fun upright(height: Int, width: Int, frameHeight: Int, frameWidth: Int): WorkingCopy =
            planned(height, width, frameHeight, frameWidth, turned = false)

        private fun planned(
            height: Int,
            width: Int,
            frameHeight: Int,
            frameWidth: Int,
            turned: Boolean,
        ): WorkingCopy {
            val roomHeight = if (turned) frameWidth else frameHeight
            val roomWidth = if (turned) frameHeight else frameWidth
            val scale = minOf(roomHeight.toDouble() / height, roomWidth.toDouble() / width, 1.0)
            return WorkingCopy(
                scaled(height, scale),
                scaled(width, scale),
                frameHeight,
                frameWidth,
                turned,
            )
        }

        // Math.rint rounds halves to even numbers, as Python does.
        private fun scaled(side: Int, scale: Double) = maxOf(Math.rint(side * scale).toInt(), 1)

        /** Where a position outside [0, size - 1] has its mirror image, the edge pixel repeated. */
        private fun mirrored(position: Int, size: Int): Int {
            val inPeriod = Math.floorMod(position, 2 * size)
            return if (inPeriod < size) inPeriod else 2 * size - 1 - inPeriod
        }
    }
}
