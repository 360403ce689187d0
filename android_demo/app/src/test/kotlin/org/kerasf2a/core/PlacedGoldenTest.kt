package org.kerasf2a.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized

/** Compares the whole correction by placed light with the Python package's. */
@RunWith(Parameterized::class)
class PlacedGoldenTest(private val file: String) {
    @Test
    fun theResultIsThePythonPackages() = Golden(file).use { golden ->
        val width = golden.int()
        val height = golden.int()
        val frameWidth = golden.int()
        val frameHeight = golden.int()
        val strength = golden.float()
        val tone = Tone(golden.float(), golden.float())
        val light = LightMixture.of(golden.text())
        val isRuled = golden.int() == 1
        val faces = golden.faces()
        val photo = golden.photo(width, height)
        val input = golden.values(frameWidth * frameHeight * CHANNELS, 255f)
        val flashShare = golden.float()
        val flashFired = golden.flashFired()
        val gainWidth = golden.int()
        val gainHeight = golden.int()
        val answers =
            List(golden.int()) { LogGain(gainHeight, gainWidth, golden.floats(gainWidth * gainHeight)) }
        val expected = golden.photo(width, height)
        val isAlmostUnchanged = golden.int() == 1
        assertTrue("all is read", golden.isAtEnd)

        val engine = FakeLightEngine(frameWidth, frameHeight, answers, floatArrayOf(flashShare))
        val finder =
            object : FaceFinder {
                override fun find(image: RgbImage) = faces
            }
        val read = LitPhoto.read(photo, engine, finder.takeIf { isRuled }, flashFired = flashFired)
        assertEquals("stays almost as it is", isAlmostUnchanged, read.isAlmostUnchanged(light))
        assertArrayEquals("what the network sees", input, engine.image, 1e-6f)
        val result = ArrayPhoto(width, height)
        read.under(light, amountOf(strength)).apply(photo, result, strength, tone)
        val difference = largestDifference(expected, result)
        println("${file.removeSuffix(".bin")}: largest difference $difference/255")
        assertTrue("$difference gray levels", difference <= 1)
        if (strength == 0f) assertEquals("unchanged", 0, largestDifference(photo, result))
        assertEquals("one question for each light", light.lights.size, engine.asked)

        read.under(light, 1.25)
        assertEquals("not for how much of it", light.lights.size, engine.asked)
        read.under(light, amountOf(strength)).apply(photo, photo, strength, tone)
        assertEquals("again, in place", 0, largestDifference(result, photo))
        assertEquals("read once", 1, engine.encoded)
    }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun files() = Golden.names("placed_")
    }
}
