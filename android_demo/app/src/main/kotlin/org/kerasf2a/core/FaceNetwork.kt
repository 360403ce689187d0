package org.kerasf2a.core

/** The loaded face detector, `face_detection_short_range.tflite`. */
interface FaceNetwork : AutoCloseable {
    /**
     * Runs the detector on one image.
     *
     * @param image interleaved RGB in [-1, 1], [SIDE] rows of [SIDE] pixels.
     * @throws PhotoError.ModelFailed if it cannot run.
     */
    fun run(image: FloatArray): FaceOutputs

    companion object {
        /** Rows and columns of its images. */
        const val SIDE = 128
    }
}

/**
 * The detector's outputs.
 *
 * @property points 16 numbers for each of 896 outputs.
 * @property scores one number for each of them, before the logistic function.
 */
class FaceOutputs(val points: FloatArray, val scores: FloatArray)
