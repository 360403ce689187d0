package org.kerasf2a.core

/**
 * A gain and an offset for every small pixel and channel: corrected = gain * flash + offset.
 *
 * @property gain the factors.
 * @property offset what is added, in units of the value range [0, 1].
 */
internal class LocalAffine(val gain: RgbImage, val offset: RgbImage) {
    /** Returns the model of strength * corrected + (1 - strength) * flash. */
    fun mixedWithOriginal(strength: Float): LocalAffine = LocalAffine(
        gain.mapped { 1f + strength * (it - 1f) },
        offset.mapped { strength * it },
    )

    private inline fun RgbImage.mapped(change: (Float) -> Float) =
        RgbImage(height, width, FloatArray(values.size) { change(values[it]) })

    companion object {
        /**
         * Fits the model to what the network did to the small image: steps 1 to 6 of
         * `keras_f2a.correction.full_resolution`, in the Python package, which says why each is there.
         *
         * @param flash the small flash image.
         * @param corrected the network's output for it.
         */
        fun fit(flash: RgbImage, corrected: RgbImage): LocalAffine {
            var input = flash
            var best = Fit(input, corrected)
            for (blurring in 1..MOST_BLURRINGS) {
                input = blurred(input)
                val candidate = Fit(input, corrected)
                if (candidate.residual > WORTHWHILE * best.residual) break
                best = candidate
            }
            return LocalAffine(windowMean(best.gain), windowMean(best.offset))
        }
    }
}

/** The regression in each window between two images, and the mean squared difference it leaves. */
private class Fit(flash: RgbImage, corrected: RgbImage) {
    val gain = RgbImage(flash.height, flash.width)
    val offset = RgbImage(flash.height, flash.width)
    val residual: Float

    init {
        val meanFlash = windowMean(flash).values
        val meanCorrected = windowMean(corrected).values
        val meanFlashSquared = windowMean(product(flash, flash)).values
        val meanCorrectedSquared = windowMean(product(corrected, corrected)).values
        val meanProduct = windowMean(product(flash, corrected)).values
        var residuals = 0.0
        for (index in meanFlash.indices) {
            val i = meanFlash[index]
            val o = meanCorrected[index]
            val variance = maxOf(meanFlashSquared[index] - i * i, 0f)
            val covariance = meanProduct[index] - i * o
            val ratio = (o + RATIO_FLOOR) / (i + RATIO_FLOOR)
            val ridge = (covariance + REGULARIZATION * ratio) / (variance + REGULARIZATION)
            val slope = minOf(maxOf(ridge, 0f), LARGEST_GAIN * ratio)
            val spread = meanCorrectedSquared[index] - o * o
            residuals += spread - 2f * slope * covariance + slope * slope * variance
            gain.values[index] = slope
            offset.values[index] = o - slope * i
        }
        residual = (residuals / meanFlash.size).toFloat()
    }
}

private fun product(a: RgbImage, b: RgbImage) =
    RgbImage(a.height, a.width, FloatArray(a.values.size) { a.values[it] * b.values[it] })

private const val REGULARIZATION = 1e-4f
private const val RATIO_FLOOR = 0.02f
private const val LARGEST_GAIN = 4f
private const val MOST_BLURRINGS = 12
private const val WORTHWHILE = 0.99f
