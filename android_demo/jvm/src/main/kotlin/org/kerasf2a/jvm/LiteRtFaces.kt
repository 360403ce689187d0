package org.kerasf2a.jvm

import org.kerasf2a.core.FaceNetwork
import org.kerasf2a.core.FaceOutputs

/**
 * The face detector in a `.tflite` file.
 *
 * @param library path of libLiteRt.so.
 * @param file path of the detector.
 */
class LiteRtFaces(library: String, file: String) : FaceNetwork {
    private val model = LiteRtModel(library, file)
    private val points = model.outputs.indexOfFirst { it.shape.last() > 1 }

    override fun run(image: FloatArray): FaceOutputs {
        val outputs = model.run(listOf(image))
        return FaceOutputs(points = outputs[points], scores = outputs[1 - points])
    }

    override fun close() = model.close()
}
