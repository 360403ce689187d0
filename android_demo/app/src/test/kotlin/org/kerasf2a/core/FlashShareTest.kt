package org.kerasf2a.core

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

/** How `auto` depends on what a network and a photograph's file say about the flash. */
class FlashShareTest {
    private val photo = madeUpPhoto(32, 24)
    private val gain = LogGain(24, 32, FloatArray(24 * 32) { it % 32 / 32f })
    private val noFaces =
        object : FaceFinder {
            override fun find(image: RgbImage) = emptyList<Face>()
        }

    @Test
    fun autoFollowsTheShare() {
        val (none, little, much) = listOf(0f, 0.26f, 0.4f).map { changed(floatArrayOf(it)) }
        assertEquals("as it is", 0, none)
        assertNotEquals(none, little)
        assertNotEquals(little, much)
    }

    @Test
    fun sharesOutsideTheRangeAreLimited() {
        assertEquals(changed(floatArrayOf(0f)), changed(floatArrayOf(-7f)))
        assertEquals(changed(floatArrayOf(1f)), changed(floatArrayOf(7f)))
    }

    @Test
    fun anOlderNetworkShowsAutoWhole() = assertEquals(changed(floatArrayOf(1f)), changed(null))

    @Test
    fun aLightThatWasNamedIgnoresTheShare() {
        for (light in listOf("room", "lamp-left", "auto*0.5+room")) {
            assertEquals(light, changed(floatArrayOf(1f), light), changed(floatArrayOf(0f), light))
        }
    }

    @Test
    fun theFilesWordChangesTheShareAsInThePythonPackage() = Golden("flash_shares.bin").use { golden ->
        repeat(golden.int()) {
            val seen = golden.float().toDouble()
            val fired = golden.flashFired()
            assertEquals("$seen, $fired", golden.double(), flashShare(seen, fired), 0.0)
        }
        assertTrue("all is read", golden.isAtEnd)
    }

    @Test
    fun theNetworkIsBelievedLessWhereTheFileDisagrees() {
        val full = changed(floatArrayOf(1f))
        assertEquals("not fired", 0, changed(floatArrayOf(0.6f), fired = false))
        assertEquals("fired", full, changed(floatArrayOf(0.25f), fired = true))
        for (fired in listOf(true, false)) {
            assertEquals("named", full, changed(floatArrayOf(0.6f), "room", fired))
        }
    }

    @Test
    fun aDamagedShareIsNamed() {
        val damaged = listOf(listOf(Float.NaN), listOf(Float.POSITIVE_INFINITY), listOf(0.5f, 0.5f), listOf())
        for (share in damaged) {
            val engine = FakeLightEngine(32, 24, listOf(gain), share.toFloatArray())
            assertThrows("$share", PhotoError.ModelFailed::class.java) {
                LitPhoto.read(photo, engine, noFaces)
            }
        }
    }

    @Test
    fun onlyAutoAloneIsNobodysChoice() {
        for (text in listOf("auto", " auto * 2 @ 2700 ", "auto@2700")) {
            assertEquals(text, true, LightMixture.of(text).isAuto)
        }
        for (text in listOf("auto+auto", "auto*0.5+room", "room", "-20,10,0.1")) {
            assertEquals(text, false, LightMixture.of(text).isAuto)
        }
    }

    /** Returns by how many gray levels a light changes the photograph at most. */
    private fun changed(share: FloatArray?, light: String = "auto", fired: Boolean? = null): Int {
        val engine = FakeLightEngine(32, 24, listOf(gain), share)
        val read = LitPhoto.read(photo, engine, noFaces, flashFired = fired)
        val result = ArrayPhoto(32, 24)
        read.under(LightMixture.of(light)).apply(photo, result)
        return largestDifference(photo, result)
    }
}
