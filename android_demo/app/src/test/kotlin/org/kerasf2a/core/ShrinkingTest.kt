package org.kerasf2a.core

import org.junit.Assert.assertArrayEquals
import org.junit.Test

/** Compares the small copy with Pillow's, bit for bit. */
class ShrinkingTest {
    @Test
    fun rowsShrinkAsPythonShrinksThem() = compare { it }

    @Test
    fun columnsShrinkLikeRows() = compare { Orientation.TRANSPOSED.upright(it) }

    private fun compare(turned: (PhotoBuffer) -> PhotoBuffer) = Golden("shrunk.bin").use { golden ->
        val length = golden.int()
        val count = golden.int()
        val photo = turned(golden.photo(length, 1))
        repeat(count) {
            val small = golden.int()
            val expected = golden.values(small * CHANNELS, 255f)
            val height = if (photo.height == 1) 1 else small
            val width = if (photo.width == 1) 1 else small
            val shrunk = shrink(photo, height, width, Monitor.None)
            assertArrayEquals("to $small of $length", expected, shrunk.values, 0f)
        }
    }
}
