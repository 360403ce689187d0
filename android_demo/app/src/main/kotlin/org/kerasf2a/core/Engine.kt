package org.kerasf2a.core

/** A network that is ready to run on images of one size. */
sealed interface Network : AutoCloseable {
    /** Rows of its images. */
    val height: Int

    /** Columns of its images. */
    val width: Int

    /** What runs it, for people to read: for example the accelerator and its threads. */
    val description: String
}

/** A generator: it makes an image of an image. */
interface Engine : Network {
    /**
     * Runs the generator on one image.
     *
     * @param image RGB, interleaved, in [0, 1], height * width * 3 values.
     * @return its output, the same number of values in the same order; values outside [0, 1] are
     *   taken to the nearer limit.
     * @throws PhotoError.ModelFailed if it cannot run.
     */
    fun run(image: FloatArray): FloatArray
}

/** A network for placed light: it reads an image once, and then says what any light would do. */
interface LightEngine : Network {
    /**
     * Reads an image, once for all lights.
     *
     * @param image RGB, interleaved, in [0, 1], height * width * 3 values.
     * @throws PhotoError.ModelFailed if it cannot run, or its answer is none.
     */
    fun encode(image: FloatArray): ReadPhoto

    /**
     * Says what a light would do.
     *
     * @param features those of what [encode] returned.
     * @param light what is told of it, 13 numbers; see [DescribedLight].
     * @throws PhotoError.ModelFailed if it cannot run.
     */
    fun logGain(features: List<FloatArray>, light: FloatArray): LogGain
}

/**
 * An image that a network for placed light has read.
 *
 * @property features what [LightEngine.logGain] needs of it: of each level, finest first.
 * @param told the network's answer to how much of the image's light is a flash's; null from a network
 *   that does not tell.
 * @throws PhotoError.ModelFailed if that answer is not one number.
 */
class ReadPhoto(val features: List<FloatArray>, told: FloatArray? = null) {
    /** Which share of the image's light is a flash's, in [0, 1]; 1 from a network that does not tell. */
    val flashShare: Double = if (told == null) 1.0 else shareOf(told)

    private fun shareOf(told: FloatArray): Double {
        val share = told.singleOrNull()
        if (share == null || share.isNaN() || share.isInfinite()) {
            throw PhotoError.ModelFailed("the share of the flash is ${told.joinToString()}")
        }
        return share.toDouble().coerceIn(0.0, 1.0)
    }
}

/**
 * The natural logarithm of a gain in linear light.
 *
 * @property height number of rows: the image's, or a few more below.
 * @property width number of columns: the image's, or a few more to the right.
 * @property values row by row, height * width of them.
 */
class LogGain(val height: Int, val width: Int, val values: FloatArray) {
    init {
        require(values.size == height * width) { "${values.size} values are not $width x $height" }
    }
}
