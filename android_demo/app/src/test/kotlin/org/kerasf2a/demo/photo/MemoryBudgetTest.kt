package org.kerasf2a.demo.photo

import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.core.PhotoError

class MemoryBudgetTest {
    private val reserved = MemoryBudget.RESERVED_BYTES

    @Test
    fun aPhotographThatFitsIsDecodedAsItIs() {
        val plan = MemoryBudget(reserved + 8L * 4000 * 3000).plan(4000, 3000)
        assertEquals(DecodePlan(1, 4000, 3000), plan)
        assertFalse(plan.isReduced)
    }

    @Test
    fun aLargerOneIsDecodedSmaller() {
        val plan = MemoryBudget(reserved + 8L * 4000 * 3000 - 1).plan(4000, 3000)
        assertEquals(DecodePlan(2, 2000, 1500), plan)
        assertTrue(plan.isReduced)
        val quarter = MemoryBudget(reserved + 8L * 1001 * 1001).plan(4001, 4001)
        assertEquals(DecodePlan(4, 1001, 1001), quarter)
    }

    @Test
    fun oneThatNeverFitsIsRefusedWithWhatWouldFit() {
        val budget = MemoryBudget(reserved + 8_000_000)
        val error =
            assertThrows(PhotoError.TooLarge::class.java) { budget.plan(60_000, 60_000) }
        assertEquals(64_000_000, error.fittingPixels)
        assertThrows(PhotoError.TooLarge::class.java) { MemoryBudget(0).plan(100, 100) }
    }

    @Test
    fun sizesThatOverflowAreRefused() {
        val budget = MemoryBudget(reserved + 8_000_000)
        assertThrows(PhotoError.TooLarge::class.java) { budget.plan(Int.MAX_VALUE, Int.MAX_VALUE) }
    }

    @Test
    fun tooFewPixelsAreNoPhotograph() {
        val error =
            assertThrows(PhotoError.TooSmall::class.java) { MemoryBudget(reserved).plan(400, 15) }
        assertEquals(16, error.smallestSide)
    }
}
