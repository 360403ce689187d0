package org.kerasf2a.core

/** A generator that is ready to run on images of one size. */
interface Engine : AutoCloseable {
    /** Rows of its images. */
    val height: Int

    /** Columns of its images. */
    val width: Int

    /** What runs it, for people to read: for example the accelerator and its threads. */
    val description: String

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
