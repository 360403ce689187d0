package org.kerasf2a.core

/**
 * A gain and an offset for every small pixel and channel: corrected = gain * flash + offset.
 *
 * @property gain the factors.
 * @property offset the term that is added, in units of the value range [0, 1].
 */
internal class LocalAffine(val gain: RgbImage, val offset: RgbImage) {
    /** Returns the model of strength * corrected + (1 - strength) * flash. */
    fun mixedWithOriginal(strength: Float): LocalAffine = LocalAffine(
        gain.mapValues { 1f + strength * (it - 1f) },
        offset.mapValues { strength * it },
    )

    private inline fun RgbImage.mapValues(change: (Float) -> Float) =
        RgbImage(height, width, FloatArray(values.size) { change(values[it]) })
}

/**
 * Fits models to the corrections of one small image: steps 1 to 6 of
 * `keras_f2a.correction.full_resolution` in the Python package, which explains each step. Whatever
 * depends on the flash image alone is computed once for all models. Not thread-safe.
 *
 * @param flash the small flash image.
 */
internal class LocalAffineFit(flash: RgbImage) {
    private val sources = mutableListOf(Windows(flash))

    /**
     * Returns the model of a corrected image.
     *
     * @param corrected an image of the flash image's size.
     */
    fun to(corrected: RgbImage): LocalAffine {
        val target = Windows(corrected)
        var best = Fit(sources[0], target)
        for (blurrings in 1..MOST_BLURRINGS) {
            if (blurrings == sources.size) sources += Windows(blur(sources.last().image))
            val candidate = Fit(sources[blurrings], target)
            if (candidate.residual > WORTHWHILE * best.residual) break
            best = candidate
        }
        return LocalAffine(windowMean(best.gain), windowMean(best.offset))
    }
}

/** An image with the mean and variance of every window. Rounding may leave a variance below 0. */
private class Windows(val image: RgbImage) {
    val mean = windowMean(image).values
    val variance = windowMean(product(image, image)).values

    init {
        for (index in variance.indices) variance[index] -= mean[index] * mean[index]
    }
}

/** The regression between two images in each window, and its mean squared residual. */
private class Fit(source: Windows, target: Windows) {
    val gain = RgbImage(source.image.height, source.image.width)
    val offset = RgbImage(source.image.height, source.image.width)
    val residual: Float

    init {
        val meanProduct = windowMean(product(source.image, target.image)).values
        var residuals = 0.0
        for (index in meanProduct.indices) {
            val i = source.mean[index]
            val o = target.mean[index]
            val variance = maxOf(source.variance[index], 0f)
            val covariance = meanProduct[index] - i * o
            val ratio = (o + RATIO_FLOOR) / (i + RATIO_FLOOR)
            val ridge = (covariance + REGULARIZATION * ratio) / (variance + REGULARIZATION)
            val slope = minOf(maxOf(ridge, 0f), LARGEST_GAIN * ratio)
            residuals += target.variance[index] - 2f * slope * covariance + slope * slope * variance
            gain.values[index] = slope
            offset.values[index] = o - slope * i
        }
        residual = (residuals / meanProduct.size).toFloat()
    }
}

private fun product(a: RgbImage, b: RgbImage) =
    RgbImage(a.height, a.width, FloatArray(a.values.size) { a.values[it] * b.values[it] })

private const val REGULARIZATION = 1e-4f
private const val RATIO_FLOOR = 0.02f
private const val LARGEST_GAIN = 4f
private const val MOST_BLURRINGS = 12
private const val WORTHWHILE = 0.99f
