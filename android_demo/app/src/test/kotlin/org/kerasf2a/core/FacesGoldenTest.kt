package org.kerasf2a.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

/** Compares the face detector's input and decoded outputs with the Python package's. */
class FacesGoldenTest {
    @Test
    fun theFacesInTheOutputsAreThePythonPackages() {
        for (file in Golden.names("faces_")) {
            Golden(file).use { golden ->
                val width = golden.int()
                val height = golden.int()
                val outputs = outputs(golden)
                val expected = golden.faces()
                assertTrue("$file: all is read", golden.isAtEnd)
                val found = foundFaces(outputs, height, width)
                assertEquals(file, expected.map { words(it) }, found.map { words(it) })
            }
        }
    }

    @Test
    fun theDetectorSeesWhatThePythonPackagesSees() {
        for (file in Golden.names("face_frame_")) {
            Golden(file).use { golden ->
                val width = golden.int()
                val height = golden.int()
                val image = RgbImage(height, width, golden.values(width * height * CHANNELS, 255f))
                val expected = golden.wideValues(FaceNetwork.SIDE * FaceNetwork.SIDE * CHANNELS)
                assertTrue("$file: all is read", golden.isAtEnd)
                val frame = faceFrame(image)
                val seen = FloatArray(expected.size) { (frame.values[it] + 1) / 2 }
                assertArrayEquals(file, expected, seen, Golden.WIDE_STEP)
            }
        }
    }

    @Test
    fun anotherNetworkIsRefused() {
        val other =
            object : FaceNetwork {
                override fun run(image: FloatArray) = FaceOutputs(FloatArray(5), FloatArray(5))

                override fun close() = Unit
            }
        assertThrows(PhotoError.ModelFailed::class.java) { BlazeFace(other).find(RgbImage(3, 4)) }
    }

    private fun outputs(golden: Golden): FaceOutputs {
        val points = FloatArray(OUTPUTS * NUMBERS)
        val scores = FloatArray(OUTPUTS) { BLANK }
        repeat(golden.int()) {
            val index = golden.int()
            scores[index] = golden.float()
            for (number in 0 until NUMBERS) points[index * NUMBERS + number] = golden.float()
        }
        return FaceOutputs(points, scores)
    }

    private fun words(face: Face): String {
        val eyes = face.eyes.map { "${it.x}, ${it.y}" }
        return "${face.centerX}, ${face.centerY}, ${face.width} x ${face.height}, eyes $eyes"
    }

    private companion object {
        const val OUTPUTS = 896
        const val NUMBERS = 16
        const val BLANK = -20f
    }
}
