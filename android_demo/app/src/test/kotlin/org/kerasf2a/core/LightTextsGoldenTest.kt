package org.kerasf2a.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

/** Compares the parsed lights with the Python package's. */
class LightTextsGoldenTest {
    @Test
    fun textsStandForThePythonPackagesLights() = Golden("light_texts.bin").use { golden ->
        repeat(golden.int()) {
            val text = golden.text()
            val mixture = LightMixture.of(text)
            assertEquals(text, golden.int() == 1, mixture.isAuto)
            assertEquals(text, golden.float(), mixture.rightward.toFloat(), 1e-6f)
            assertEquals(text, golden.int(), mixture.lights.size)
            for (light in mixture.lights) {
                assertEquals(text, golden.float(), light.share.toFloat(), 1e-6f)
                assertEquals(text, golden.float(), (light.temperature ?: 0.0).toFloat(), 0f)
                assertArrayEquals(text, golden.floats(13), light.light.numbers(), 1e-6f)
            }
        }
        assertTrue("all is read", golden.isAtEnd)
    }

    @Test
    fun whatThePythonPackageRefusesIsRefused() = Golden("light_texts_refused.bin").use { golden ->
        repeat(golden.int()) {
            val text = golden.text()
            assertThrows(text, IllegalArgumentException::class.java) { LightMixture.of(text) }
        }
        assertTrue("all is read", golden.isAtEnd)
    }

    @Test
    fun dotsStandForThePythonPackagesLights() = Golden("light_dots.bin").use { golden ->
        repeat(golden.int()) {
            val dot = LightDot(golden.float(), golden.float())
            assertEquals("$dot", golden.text(), dot.light)
        }
        repeat(golden.int()) {
            val name = golden.text()
            val dot = LightDot.of(LightMixture.NAMED.getValue(name))
            assertEquals(name, golden.float(), dot.across, 1e-6f)
            assertEquals(name, golden.float(), dot.down, 1e-6f)
        }
        assertTrue("all is read", golden.isAtEnd)
    }
}
