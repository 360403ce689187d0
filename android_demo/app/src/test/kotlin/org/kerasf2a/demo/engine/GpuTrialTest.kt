package org.kerasf2a.demo.engine

import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.core.Engine
import org.kerasf2a.core.PhotoError

class GpuTrialTest {
    private var clock = 0L

    /** An engine whose runs advance the test's clock by a fixed time. */
    private inner class TimedEngine(
        private val nanoseconds: Long,
        private val change: (FloatArray) -> FloatArray = { it.copyOf() },
    ) : Engine {
        override val height = 24
        override val width = 32
        override val description = "made up"
        var isClosed = false

        override fun run(image: FloatArray): FloatArray {
            clock += nanoseconds
            return change(image)
        }

        override fun close() {
            isClosed = true
        }
    }

    private val cpu = TimedEngine(100)

    private fun verdict(gpu: Engine) = GpuTrial { clock }.compare(cpu, gpu)

    @Test
    fun aFasterGpuThatAgreesIsUsedAndNothingIsClosed() {
        val gpu = TimedEngine(99) { image -> FloatArray(image.size) { image[it] + 0.005f } }
        assertEquals(GpuVerdict.USED, verdict(gpu))
        assertFalse(cpu.isClosed || gpu.isClosed)
    }

    @Test
    fun aGpuThatIsNotFasterIsNotUsed() {
        assertEquals(GpuVerdict.SLOWER, verdict(TimedEngine(100)))
        assertEquals(GpuVerdict.SLOWER, verdict(TimedEngine(500)))
    }

    @Test
    fun theFirstRunMayTakeLonger() {
        var runs = 0
        val gpu =
            TimedEngine(10) { image ->
                if (runs++ == 0) clock += 10_000
                image.copyOf()
            }
        assertEquals(GpuVerdict.USED, verdict(gpu))
    }

    @Test
    fun aGpuThatComputesSomethingElseIsNotUsed() {
        val brighter = TimedEngine(1) { image -> FloatArray(image.size) { image[it] + 0.02f } }
        val zeros = TimedEngine(1) { image -> FloatArray(image.size) }
        val nothing = TimedEngine(1) { image -> FloatArray(image.size) { Float.NaN } }
        val short = TimedEngine(1) { image -> image.copyOf(image.size - 1) }
        val speck = TimedEngine(1) { image -> image.copyOf().also { it[7] += 0.2f } }
        for (gpu in listOf(brighter, zeros, nothing, short, speck)) {
            assertEquals(GpuVerdict.DIFFERENT, verdict(gpu))
        }
    }

    @Test
    fun aGpuThatIsRightOnlyAFewTimesIsNotUsed() {
        for (right in listOf(1, 2, 5, 9)) {
            var runs = 0
            val gpu = TimedEngine(1) { if (runs++ < right) it.copyOf() else FloatArray(it.size) }
            assertEquals(GpuVerdict.DIFFERENT, verdict(gpu))
        }
    }

    @Test
    fun aGpuThatRepeatsItsFirstOutputIsNotUsed() {
        var first: FloatArray? = null
        val gpu = TimedEngine(1) { image -> first ?: image.copyOf().also { first = it } }
        assertEquals(GpuVerdict.DIFFERENT, verdict(gpu))
    }

    @Test
    fun aGpuThatFailsIsNotUsed() {
        val gpu = TimedEngine(1) { throw PhotoError.ModelFailed("no memory") }
        assertEquals(GpuVerdict.FAILED, verdict(gpu))
    }

    @Test
    fun theTestImageIsAnImageAndAlwaysTheSame() {
        val image = testImage(48, 64)
        assertEquals(48 * 64 * 3, image.size)
        assertTrue(image.all { it in 0f..1f })
        assertArrayEquals(image, testImage(48, 64), 0f)
        assertTrue(image.distinct().size > 100)
    }
}
