package org.kerasf2a.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.junit.runners.Parameterized

/** Compares the repair of red eyes with the Python package's: the same eyes and the same pixels. */
@RunWith(Parameterized::class)
class RedEyesGoldenTest(private val file: String) {
    @Test
    fun theRepairIsThePythonPackages() = Golden(file).use { golden ->
        val width = golden.int()
        val height = golden.int()
        val scale = golden.float().toDouble()
        val faces = golden.faces()
        val photo = golden.photo(width, height)
        val count = golden.int()
        val expected = golden.photo(width, height)
        assertTrue("all is read", golden.isAtEnd)

        val repaired = RepairedPhoto(photo, faces, scale)
        assertEquals(count, repaired.count)
        // As a whole, and in pieces that begin and end inside the eyes.
        for ((columns, rows) in listOf(Pair(width, height), Pair(width, 7), Pair(13, 11))) {
            val result = ArrayPhoto(width, height)
            copyInPieces(repaired, result, columns, rows)
            assertEquals("$columns x $rows", 0, largestDifference(expected, result))
        }
    }

    private fun copyInPieces(from: PhotoBuffer, to: PhotoBuffer, columns: Int, rows: Int) {
        val pixels = IntArray(columns * rows)
        for (top in 0 until from.height step rows) {
            for (left in 0 until from.width step columns) {
                val width = minOf(columns, from.width - left)
                val height = minOf(rows, from.height - top)
                from.read(left, top, width, height, pixels)
                to.write(left, top, width, height, pixels)
            }
        }
    }

    companion object {
        @JvmStatic
        @Parameterized.Parameters(name = "{0}")
        fun files() = Golden.names("red_eyes_")
    }
}
