package org.kerasf2a.demo.engine

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class ProcessorThreadsTest {
    @Test
    fun onlyCoresThatAreNotOfTheSlowestKindAreCounted() {
        assertEquals(2, threads(1800, 1800, 1800, 1800, 1800, 1800, 2400, 2400))
        assertEquals(4, threads(1800, 1800, 1800, 1800, 2400, 2400, 2400, 2800))
        assertEquals(1, threads(1800, 2400, 1800, 1800))
    }

    @Test
    fun equalCoresAreAllFast() {
        assertEquals(1, threads(1200))
        assertEquals(2, threads(1200, 1200))
        assertEquals(4, threads(1200, 1200, 1200, 1200))
    }

    @Test
    fun thereAreNeverMoreThanFour() {
        assertEquals(4, threads(*LongArray(12) { 2000 }))
        assertEquals(4, threads(1000, *LongArray(9) { 2000 }))
    }

    @Test
    fun aPhoneThatTellsNothingGetsTwo() {
        assertEquals(2, threads())
    }

    @Test
    fun askingThisMachineDoesNotFail() {
        val frequencies = processorFrequencies()
        assertTrue(frequencies.size <= Runtime.getRuntime().availableProcessors())
        assertTrue(threadsFor(frequencies) in 1..4)
    }

    private fun threads(vararg frequencies: Long) = threadsFor(frequencies.toList())
}
