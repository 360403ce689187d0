package org.kerasf2a.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertSame
import org.junit.Test

class GeneratorTest {
    private val landscape = FakeEngine(32, 24) { it }
    private val portrait = FakeEngine(24, 32) { it }
    private var opened = 0

    private fun both() = Generator(landscape, { portrait.also { opened++ } })

    @Test
    fun eachPhotographGoesThroughTheEngineOfItsOrientation() {
        val generator = both()
        assertSame(landscape, generator.engineFor(30, 40))
        assertSame("square", landscape, generator.engineFor(40, 40))
        assertEquals("until it is needed", 0, opened)
        assertSame(portrait, generator.engineFor(40, 30))
        assertSame(portrait, generator.engineFor(4000, 30))
        assertEquals("opened once", 1, opened)
        assertSame("alone", landscape, Generator(landscape).engineFor(40, 30))
    }

    @Test
    fun whatWasOpenedIsClosed() {
        val generator = both()
        generator.engineFor(40, 30)
        generator.close()
        assertEquals(listOf(true, true), listOf(landscape.isClosed, portrait.isClosed))
        both().close()
        assertEquals("the sibling is not opened to be closed", 1, opened)
    }
}
