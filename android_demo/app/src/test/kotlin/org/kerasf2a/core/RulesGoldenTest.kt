package org.kerasf2a.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized

/** Compares the rules of light with the Python package's. */
@RunWith(Parameterized::class)
class RulesGoldenTest(private val file: String) {
    @Test
    fun theRelitImageIsThePythonPackages() = Golden(file).use { golden ->
        val width = golden.int()
        val height = golden.int()
        val faces = golden.faces()
        val count = width * height * CHANNELS
        val flash = RgbImage(height, width, golden.values(count, 255f))
        val output = RgbImage(height, width, golden.values(count, 256f))
        val expected = golden.wideValues(count)
        assertTrue("all is read", golden.isAtEnd)
        val relit = RuledPhoto(flash, faces).relit(logGainOf(flash, output)).image
        assertArrayEquals(expected, relit.values, Golden.WIDE_STEP)
    }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun files() = Golden.names("rules_")
    }
}
