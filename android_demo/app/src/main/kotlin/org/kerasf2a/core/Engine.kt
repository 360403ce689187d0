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
     * @return what [logGain] needs of it: the features of each level.
     * @throws PhotoError.ModelFailed if it cannot run.
     */
    fun encode(image: FloatArray): List<FloatArray>

    /**
     * Says what a light would do.
     *
     * @param features what [encode] returned.
     * @param light what is told of it, 13 numbers; see [DescribedLight].
     * @throws PhotoError.ModelFailed if it cannot run.
     */
    fun logGain(features: List<FloatArray>, light: FloatArray): LogGain
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
