package org.kerasf2a.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import java.util.concurrent.CancellationException

class MonitorTest {
    private val same = FakeEngine(32, 24) { it.copyOf() }
    private val photo = madeUpPhoto(200, 300)

    /** Records the progress, and requests a stop once it has reached a fraction. */
    private class Notes(private val stopAt: Float = 2f) : Monitor {
        val fractions = mutableListOf<Float>()

        override val isCancelled
            get() = (fractions.lastOrNull() ?: 0f) >= stopAt

        override fun progress(fraction: Float) {
            fractions += fraction
        }

        fun check() {
            assertTrue(fractions.size > 5)
            assertEquals(fractions.sorted(), fractions)
            assertEquals(1f, fractions.last(), 0f)
        }
    }

    @Test
    fun progressRisesToOne() {
        val analyzing = Notes()
        val correction = Corrector(same).analyze(photo, analyzing).times()
        analyzing.check()
        val applying = Notes()
        correction.apply(photo, photo, 1f, monitor = applying)
        applying.check()
    }

    @Test
    fun partsMakeAWhole() {
        val notes = Notes()
        val correction = Corrector(same).analyze(photo, notes.part(0f, 0.4f)).times()
        assertEquals(0.4f, notes.fractions.last(), 1e-6f)
        correction.apply(photo, photo, 1f, monitor = notes.part(0.4f, 1f))
        notes.check()
    }

    @Test
    fun analyzingStopsWhenAsked() {
        for (share in listOf(0f, 0.1f, 0.9f)) {
            val notes = Notes(stopAt = share)
            assertThrows(CancellationException::class.java) {
                Corrector(same).analyze(photo, notes)
            }
            assertTrue(notes.fractions.none { it > share + 0.05f })
        }
    }

    @Test
    fun applyingStopsWithinAStripOfEachThread() {
        val correction = Corrector(same).analyze(photo).times()
        val notes = Notes(stopAt = 0.5f)
        assertThrows(CancellationException::class.java) {
            correction.apply(photo, ArrayPhoto(200, 300), 1f, monitor = notes)
        }
        assertTrue("${notes.fractions}", notes.fractions.last() < 0.6f)
    }

    @Test
    fun aBufferThatFailsEndsTheWorkWithItsOwnError() {
        val correction = Corrector(same).analyze(photo).times()
        val broken =
            object : PhotoBuffer by photo {
                override fun read(left: Int, top: Int, columns: Int, rows: Int, into: IntArray): Unit =
                    throw PhotoError.Damaged()
            }
        assertThrows(PhotoError.Damaged::class.java) { correction.apply(broken, photo) }
    }
}
