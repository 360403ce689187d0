package org.kerasf2a.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized

/** Compares the whole correction by the rules, including red eyes, with the Python package's. */
@RunWith(Parameterized::class)
class RuledGoldenTest(private val file: String) {
    @Test
    fun theResultIsThePythonPackages() = Golden(file).use { golden ->
        val width = golden.int()
        val height = golden.int()
        val frameWidth = golden.int()
        val frameHeight = golden.int()
        val strength = golden.float()
        val tone = Tone(golden.float(), golden.float())
        val faces = golden.faces()
        val photo = golden.photo(width, height)
        val input = golden.values(frameWidth * frameHeight * CHANNELS, 255f)
        val output = golden.values(input.size, 256f)
        val expected = golden.photo(width, height)
        assertTrue("all is read", golden.isAtEnd)

        val engine = FakeEngine(frameWidth, frameHeight) { output }
        val finder =
            object : FaceFinder {
                override fun find(image: RgbImage) = faces
            }
        val correction = Corrector(engine, finder).analyze(photo).times(amountOf(strength))
        val result = ArrayPhoto(width, height)
        correction.apply(photo, result, strength, tone)
        val difference = largestDifference(expected, result)
        println("${file.removeSuffix(".bin")}: largest difference $difference/255")
        assertTrue("$difference gray levels", difference <= 1)
        if (strength == 0f) assertEquals("unchanged", 0, largestDifference(photo, result))

        correction.apply(photo, photo, strength, tone)
        assertEquals("in place", 0, largestDifference(result, photo))
    }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun files() = Golden.names("ruled_")
    }
}
