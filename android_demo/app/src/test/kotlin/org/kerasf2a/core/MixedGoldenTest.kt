package org.kerasf2a.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized

/** Compares the gain and the tint of several lights with the Python package's. */
@RunWith(Parameterized::class)
class MixedGoldenTest(private val file: String) {
    @Test
    fun theMixtureIsThePythonPackages() = Golden(file).use { golden ->
        val width = golden.int()
        val height = golden.int()
        val mixture = LightMixture.of(golden.text())
        val flash = RgbImage(height, width, golden.values(width * height * CHANNELS, 255f))
        val gains = List(golden.int()) { golden.plane(height, width) }
        val expected = golden.plane(height, width)
        val tint = if (golden.int() == 1) golden.planes(height, width) else null
        assertTrue("all is read", golden.isAtEnd)

        val mixed = MixedGain.of(flash, gains, mixture)
        assertArrayEquals(expected.values, mixed.logGain.values, 1e-6)
        tint?.forEachIndexed { channel, plane ->
            assertArrayEquals(plane.values, mixed.tint!![channel].values, 1e-6)
        }
        assertEquals(tint?.size, mixed.tint?.size)
    }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun files() = Golden.names("mixed_")
    }
}
