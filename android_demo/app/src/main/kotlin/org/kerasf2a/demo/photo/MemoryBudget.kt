package org.kerasf2a.demo.photo

import org.kerasf2a.core.PhotoError

/**
 * The size at which a photograph is decoded.
 *
 * @property sampleSize 1, 2, 4 or 8: the divisor of every side, as in `BitmapFactory`'s
 *   `inSampleSize`.
 * @property width columns of the decoded photograph.
 * @property height rows of the decoded photograph.
 */
data class DecodePlan(val sampleSize: Int, val width: Int, val height: Int) {
    /** Whether the photograph is reduced to fit into memory. */
    val isReduced: Boolean
        get() = sampleSize > 1
}

/**
 * Determines how large a photograph may be.
 *
 * @param freeBytes the memory that the app can still allocate.
 * @param bytesPerPixel memory per decoded pixel; by default 4 bytes for the photograph and 4 for
 *   the corrected one. The core itself needs little more, regardless of the photograph's size.
 */
class MemoryBudget(private val freeBytes: Long, private val bytesPerPixel: Int = 8) {
    /**
     * Plans to decode a photograph as large as it fits into memory.
     *
     * @param width stored columns.
     * @param height stored rows.
     * @throws PhotoError.TooSmall if a side has fewer than [SMALLEST_PHOTO_SIDE] pixels.
     * @throws PhotoError.TooLarge if it does not fit at any sample size.
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

    // Decoders round differently, so plan for the larger result.
    private fun fewer(side: Int, sampleSize: Int) = (side - 1) / sampleSize + 1

    companion object {
        /** The smallest allowed side of a photograph, as in the Python package. */
        const val SMALLEST_PHOTO_SIDE = 16

        /** Reserved for the network, its runtime and the app's own images. */
        const val RESERVED_BYTES = 64L shl 20

        private val SAMPLE_SIZES = intArrayOf(1, 2, 4, 8)
    }
}
