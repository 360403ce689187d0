package org.kerasf2a.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Test

class OrientationTest {
    @Test
    fun everyOrientationIsReadAsPythonReadsIt() = forEachOrientation { orientation, stored, expected ->
        val view = orientation.upright(stored)
        assertEquals(expected.width, view.width)
        assertEquals(expected.height, view.height)
        assertEquals(view.width, orientation.uprightWidth(stored.width, stored.height))
        assertEquals(view.height, orientation.uprightHeight(stored.width, stored.height))
        assertArrayEquals("$orientation", expected.pixels, inRectangles(view))
    }

    @Test
    fun whatIsWrittenUprightIsStoredTurned() = forEachOrientation { orientation, stored, upright ->
        val empty = ArrayPhoto(stored.width, stored.height)
        val view = orientation.upright(empty)
        for (top in 0 until view.height step 5) {
            val rows = minOf(5, view.height - top)
            val strip = IntArray(rows * view.width)
            upright.read(0, top, view.width, rows, strip)
            view.write(0, top, view.width, rows, strip)
        }
        assertArrayEquals("$orientation", stored.pixels, empty.pixels)
    }

    @Test
    fun anUnknownValueMeansUpright() {
        assertEquals(Orientation.UPRIGHT, Orientation.of(0))
        assertEquals(Orientation.UPRIGHT, Orientation.of(9))
        assertEquals(Orientation.TURN_CLOCKWISE, Orientation.of(6))
    }

    private fun forEachOrientation(check: (Orientation, ArrayPhoto, ArrayPhoto) -> Unit) =
        Golden("orientations.bin").use { golden ->
            val width = golden.int()
            val height = golden.int()
            val stored = golden.photo(width, height)
            for (exif in 1..8) {
                val turned = exif >= 5
                val expected =
                    golden.photo(if (turned) height else width, if (turned) width else height)
                check(Orientation.of(exif), stored, expected)
            }
        }

    /** Reads every pixel, in rectangles of odd sizes. */
    private fun inRectangles(photo: PhotoBuffer): IntArray {
        val all = ArrayPhoto(photo.width, photo.height)
        for (top in 0 until photo.height step 7) {
            for (left in 0 until photo.width step 3) {
                val columns = minOf(3, photo.width - left)
                val rows = minOf(7, photo.height - top)
                val part = IntArray(columns * rows)
                photo.read(left, top, columns, rows, part)
                all.write(left, top, columns, rows, part)
            }
        }
        return all.pixels
    }
}
