package org.kerasf2a.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized

/** Compares the core with the Python package: the same working copy and the same result. */
@RunWith(Parameterized::class)
class GoldenTest(private val name: String) {
    @Test
    fun theResultIsThePythonPackages() = Golden("correct_$name.bin").use { golden ->
        val width = golden.int()
        val height = golden.int()
        val frameWidth = golden.int()
        val frameHeight = golden.int()
        val strength = golden.float()
        val tone = Tone(golden.float(), golden.float())
        val photo = golden.photo(width, height)
        val input = golden.values(frameWidth * frameHeight * CHANNELS, 255f)
        val output = golden.values(input.size, 256f)
        val expected = golden.photo(width, height)

        val engine = FakeEngine(frameWidth, frameHeight) { output }
        val result = ArrayPhoto(width, height)
        val correction = Corrector(engine).analyze(photo).times(amountOf(strength))
        correction.apply(photo, result, strength, tone)

        assertArrayEquals("what the network is given", input, engine.image, 0f)
        val difference = largestDifference(expected, result)
        println("golden $name: largest difference $difference/255")
        assertTrue("$difference gray levels", difference <= 1)
        if (strength == 0f) assertEquals("unchanged", 0, largestDifference(photo, result))
    }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun names() = listOf(
            "landscape",
            "portrait",
            "portrait_frame",
            "square",
            "panorama",
            "same_size",
            "smaller_than_frame",
            "much_smaller_than_frame",
            "one_column",
            "one_row",
            "one_pixel",
            "noise",
            "constant",
            "third",
            "half_more_and_warmer",
            "twice",
            "original",
            "brighter",
            "darker_and_cooler",
            "third_and_warmer",
            "noise_and_brightest",
        )
    }
}
