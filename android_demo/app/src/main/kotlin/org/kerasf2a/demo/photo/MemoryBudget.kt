package org.kerasf2a.demo.photo

import org.kerasf2a.core.PhotoError

/**
 * At which size a photograph is decoded.
 *
 * @property sampleSize 1, 2, 4 or 8: every side is divided by it, as BitmapFactory's inSampleSize.
 * @property width columns of the decoded photograph.
 * @property height rows of the decoded photograph.
 */
data class DecodePlan(val sampleSize: Int, val width: Int, val height: Int) {
    /** Whether the photograph becomes smaller because it would not fit into memory. */
    val isReduced: Boolean
        get() = sampleSize > 1
}

/**
 * How large a photograph may be.
 *
 * @param freeBytes what the app can still take.
 * @param bytesPerPixel what a decoded pixel needs: by default 4 for the photograph and 4 for the
 *   corrected one. The core itself needs little beside, whatever the photograph's size.
 */
class MemoryBudget(private val freeBytes: Long, private val bytesPerPixel: Int = 8) {
    /**
     * Plans to decode a photograph as large as it fits.
     *
     * @param width stored columns.
     * @param height stored rows.
     * @throws PhotoError.TooSmall if a side has fewer than [SMALLEST_PHOTO_SIDE] pixels.
     * @throws PhotoError.TooLarge if it fits at no sample size.
     */
    fun plan(width: Int, height: Int): DecodePlan {
        if (minOf(width, height) < SMALLEST_PHOTO_SIDE) {
            throw PhotoError.TooSmall(width, height, SMALLEST_PHOTO_SIDE)
        }
        val fittingPixels = maxOf(freeBytes - RESERVED_BYTES, 0) / bytesPerPixel
        for (sampleSize in SAMPLE_SIZES) {
            val plan = DecodePlan(sampleSize, fewer(width, sampleSize), fewer(height, sampleSize))
            if (plan.width.toLong() * plan.height <= fittingPixels) return plan
        }
        val smallest = SAMPLE_SIZES.last().toLong()
        throw PhotoError.TooLarge(width, height, fittingPixels * smallest * smallest)
    }

    // Decoders differ in how they round; the larger number is the one that has to fit.
    private fun fewer(side: Int, sampleSize: Int) = (side - 1) / sampleSize + 1

    companion object {
        /** The fewest rows and columns of a photograph, as in the Python package. */
        const val SMALLEST_PHOTO_SIDE = 16

        /** Left to the network, its runtime and the app's own pictures. */
        const val RESERVED_BYTES = 64L shl 20

        private val SAMPLE_SIZES = intArrayOf(1, 2, 4, 8)
    }
}
