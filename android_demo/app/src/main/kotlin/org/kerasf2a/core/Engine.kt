package org.kerasf2a.core

/** A loaded network for images of one size. */
sealed interface Network : AutoCloseable {
    /** Rows of its images. */
    val height: Int

    /** Columns of its images. */
    val width: Int

    /**
     * What runs the network, for display: for example the accelerator and the number of threads.
     */
    val description: String
}

/** A generator, which turns an image into another one. */
interface Engine : Network {
    /**
     * Runs the generator on one image.
     *
     * @param image interleaved RGB in [0, 1], height * width * 3 values.
     * @return the output, with as many values in the same order. Values outside [0, 1] will be
     *   clamped.
     * @throws PhotoError.ModelFailed if it cannot run.
     */
    fun run(image: FloatArray): FloatArray
}

/**
 * A network for placed light. It reads an image once, and then predicts the effect of any light.
 */
interface LightEngine : Network {
    /**
     * Reads an image, once for all lights.
     *
     * @param image interleaved RGB in [0, 1], height * width * 3 values.
     * @throws PhotoError.ModelFailed if it cannot run, or returns no valid answer.
     */
    fun encode(image: FloatArray): ReadPhoto

    /**
     * Predicts the effect of a light.
     *
     * @param features the features of the result of [encode].
     * @param light the 13 numbers that describe the light; see [DescribedLight].
     * @throws PhotoError.ModelFailed if it cannot run.
     */
    fun logGain(features: List<FloatArray>, light: FloatArray): LogGain
}

/**
 * An image that a network for placed light has read.
 *
 * @property features the inputs of [LightEngine.logGain], one per level, finest first.
 * @param estimate the network's estimate of the flash's share of the light; null from a network without
 *   such an output.
 * @throws PhotoError.ModelFailed if the estimate is not one finite number.
 */
class ReadPhoto(val features: List<FloatArray>, estimate: FloatArray? = null) {
    /** The flash's share of the image's light, in [0, 1]; 1 if the network does not estimate it. */
    val flashShare: Double = if (estimate == null) 1.0 else shareOf(estimate)

    private fun shareOf(estimate: FloatArray): Double {
        val share = estimate.singleOrNull()
        if (share == null || share.isNaN() || share.isInfinite()) {
            throw PhotoError.ModelFailed("the share of the flash is ${estimate.joinToString()}")
        }
        return share.toDouble().coerceIn(0.0, 1.0)
    }
}

/**
 * The natural logarithm of a gain in linear light.
 *
 * @property height number of rows: the image's, or a few more at the bottom.
 * @property width number of columns: the image's, or a few more at the right.
 * @property values row by row, height * width of them.
 */
class LogGain(val height: Int, val width: Int, val values: FloatArray) {
    init {
        require(values.size == height * width) { "${values.size} values are not $width x $height" }
    }
}
