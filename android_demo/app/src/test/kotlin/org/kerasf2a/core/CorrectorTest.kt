package org.kerasf2a.core

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

class CorrectorTest {
    private val darker = FakeEngine(32, 24) { image -> FloatArray(image.size) { image[it] / 2 } }

    @Test
    fun alphaIsKept() {
        val photo = madeUpPhoto(50, 40, alpha = 0x5A)
        Corrector(darker).analyze(photo).times().apply(photo, photo)
        assertTrue(photo.pixels.all { it ushr 24 == 0x5A })
    }

    @Test
    fun thePhotographItselfMayReceiveTheResult() {
        val photo = madeUpPhoto(50, 41)
        val correction = Corrector(darker).analyze(photo).times()
        val result = ArrayPhoto(50, 41)
        correction.apply(photo, result)
        correction.apply(photo, photo)
        assertArrayEquals(result.pixels, photo.pixels)
    }

    @Test
    fun aCorrectionFitsThePhotographAtAnySize() {
        val gray = 0xFF808080.toInt()
        val correction = Corrector(darker).analyze(photoOf(gray, 320, 240)).times()
        val preview = photoOf(gray, 80, 60)
        correction.apply(preview, preview)
        assertEquals(0, largestDifference(photoOf(0xFF404040.toInt(), 80, 60), preview))
    }

    @Test
    fun aPhotographIsCorrectedThroughItsOrientation() {
        val stored = madeUpPhoto(60, 45)
        val upright = ArrayPhoto(45, 60)
        val view = Orientation.TURN_CLOCKWISE.upright(stored)
        view.read(0, 0, 45, 60, upright.pixels)
        Corrector(darker).analyze(upright).times().apply(upright, upright)
        Corrector(darker).analyze(view).times().apply(view, view)
        val turned = IntArray(45 * 60)
        view.read(0, 0, 45, 60, turned)
        assertArrayEquals(upright.pixels, turned)
    }

    @Test
    fun outputsOutsideTheRangeAreLimited() {
        val photo = photoOf(0xFF804020.toInt(), 64, 48)
        val bright = FakeEngine(32, 24) { image -> FloatArray(image.size) { 3f } }
        Corrector(bright).analyze(photo).times().apply(photo, photo)
        // White, as closely as the regularized gain of a constant image gets.
        assertTrue(photo.pixels.all { pixel -> pixel and 0xFEFEFE == 0xFEFEFE })
    }

    @Test
    fun aDamagedModelIsNamed() {
        val photo = madeUpPhoto(40, 40)
        val notANumber = FakeEngine(32, 24) { image -> FloatArray(image.size) { Float.NaN } }
        val short = FakeEngine(32, 24) { FloatArray(5) }
        for (engine in listOf(notANumber, short)) {
            assertThrows(PhotoError.ModelFailed::class.java) { Corrector(engine).analyze(photo) }
        }
    }

    @Test
    fun wrongCallsAreRefused() {
        val photo = madeUpPhoto(40, 40)
        val correction = Corrector(darker).analyze(photo).times()
        for (strength in listOf(-0.1f, 2.1f, Float.NaN)) {
            assertThrows(IllegalArgumentException::class.java) {
                correction.apply(photo, photo, strength)
            }
        }
        assertThrows(IllegalArgumentException::class.java) {
            correction.apply(photo, ArrayPhoto(40, 41))
        }
    }

    @Test
    fun twelveMegapixelsTakeAMomentOnly() {
        val stored = madeUpPhoto(4000, 3000)
        for (orientation in listOf(Orientation.UPRIGHT, Orientation.TURN_CLOCKWISE)) {
            val photo = orientation.upright(stored)
            val correction = Corrector(darker).analyze(photo).times()
            correction.apply(photo, photo, 0.5f)
            val analyzed = milliseconds { Corrector(darker).analyze(photo).times() }
            val applied = milliseconds { correction.apply(photo, photo) }
            println("12 megapixels, $orientation: analyzed in $analyzed ms, applied in $applied ms")
            assertTrue("$analyzed ms and $applied ms", analyzed + applied < 5000)
        }
    }

    private fun photoOf(pixel: Int, width: Int, height: Int) =
        ArrayPhoto(width, height, IntArray(width * height) { pixel })

    private fun milliseconds(work: () -> Unit): Long {
        val start = System.nanoTime()
        work()
        return (System.nanoTime() - start) / 1_000_000
    }
}
