package org.kerasf2a.core

/**
 * Describes how the small copy of a photograph lies in the image that the network receives. Matches
 * `keras_f2a.correction.working_copy` in the Python package.
 *
 * The copy keeps the photograph's aspect ratio and is never enlarged. The rest of the frame is
 * filled with the copy's mirror image on all sides. If the orientation of the photograph differs
 * from the frame's, the copy is rotated by 90 degrees counterclockwise to fit. That way the network
 * sees the scene at the scale it was trained at.
 *
 * @property height rows of the copy.
 * @property width columns of the copy.
 * @property frameHeight rows of the network's input.
 * @property frameWidth columns of the network's input.
 * @property turned whether the copy is rotated in the frame.
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

    /** Places the copy in the network's input and fills the rest with its mirror image. */
    fun intoFrame(copy: RgbImage): RgbImage {
        val frame = RgbImage(frameHeight, frameWidth)
        for (frameRow in 0 until frameHeight) {
            val row = mirror(frameRow - top, rowsInFrame)
            for (frameColumn in 0 until frameWidth) {
                val column = mirror(frameColumn - left, columnsInFrame)
                if (turned) {
                    frame.copyPixel(frameRow, frameColumn, copy, column, width - 1 - row)
                } else {
                    frame.copyPixel(frameRow, frameColumn, copy, row, column)
                }
            }
        }
        return frame
    }

    /** Crops the copy's part from the network's output and rotates it back upright. */
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
     * Crops the copy's part from a network's answer to a light. The copy must not be rotated.
     *
     * @throws PhotoError.ModelFailed if the answer is smaller than the frame, or contains NaN or
     *   infinity.
     */
    fun gainOutOfFrame(gain: LogGain): Plane {
        check(!turned)
        if (gain.height < frameHeight || gain.width < frameWidth) {
            throw PhotoError.ModelFailed("${gain.width} x ${gain.height} for $frameWidth x $frameHeight")
        }
        if (gain.values.any { it.isNaN() || it.isInfinite() }) {
            throw PhotoError.ModelFailed("the model's output has NaN or infinite values")
        }
        val plane = Plane(height, width)
        plane.change { index, _ ->
            gain.values[(top + index / width) * gain.width + left + index % width].toDouble()
        }
        return plane
    }

    companion object {
        /** Plans the copy of a photograph for a network with a fixed input size. */
        fun of(height: Int, width: Int, frameHeight: Int, frameWidth: Int): WorkingCopy {
            val turned = (height - width).toLong() * (frameHeight - frameWidth) < 0
            return plan(height, width, frameHeight, frameWidth, turned)
        }

        /** Plans the copy for a network that must see the photograph upright. */
        fun upright(height: Int, width: Int, frameHeight: Int, frameWidth: Int): WorkingCopy =
            plan(height, width, frameHeight, frameWidth, turned = false)

        private fun plan(
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
                scaleSide(height, scale),
                scaleSide(width, scale),
                frameHeight,
                frameWidth,
                turned,
            )
        }

        // `Math.rint` rounds half to even, as Python does.
        private fun scaleSide(side: Int, scale: Double) = maxOf(Math.rint(side * scale).toInt(), 1)

        /** Reflects a position outside [0, size - 1] into the range, repeating the edge pixel. */
        private fun mirror(position: Int, size: Int): Int {
            val inPeriod = Math.floorMod(position, 2 * size)
            return if (inPeriod < size) inPeriod else 2 * size - 1 - inPeriod
        }
    }
}
