package org.kerasf2a.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized

/** Compares relighting from a side, and tinting, with the Python package. */
@RunWith(Parameterized::class)
class LitGoldenTest(private val file: String) {
    @Test
    fun theLitImageIsThePythonPackages() = Golden(file).use { golden ->
        val width = golden.int()
        val height = golden.int()
        val rightward = golden.float().toDouble()
        val amount = golden.float().toDouble()
        val flashShare = golden.float().toDouble()
        val faces = golden.faces()
        val count = width * height * CHANNELS
        val flash = RgbImage(height, width, golden.values(count, 255f))
        val gain = golden.plane(height, width)
        val tint = golden.planes(height, width)
        val expected = golden.wideValues(count)
        val factor = golden.plane(height, width)
        val expectedTinted = golden.wideValues(count)
        val expectedWithoutRules = golden.wideValues(count)
        assertTrue("all is read", golden.isAtEnd)

        val relit = RuledPhoto(flash, faces).relit(gain, rightward, amount, flashShare)
        assertArrayEquals(expected, relit.image.values, Golden.WIDE_STEP)
        assertArrayEquals(factor.values, relit.factor.values, 1e-6)
        assertArrayEquals(expectedTinted, relit.tinted(tint).values, Golden.WIDE_STEP)
        val withoutRules = relightByNetwork(flash, gain, amount).image
        assertArrayEquals(expectedWithoutRules, withoutRules.values, Golden.WIDE_STEP)
    }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun files() = Golden.names("lit_")
    }
}
