package org.kerasf2a.launch

import org.junit.Assert.assertEquals
import org.junit.Test
import org.kerasf2a.demo.photo.PhotoDecoder
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.File

/** How a photograph's file says that its pixels are rotated. */
class OrientationTest : LaunchTest() {
    private val decoder = PhotoDecoder { 1L shl 30 }

    @Test
    fun everyFormatTells() = assertRotated("jpg", "png", "webp")

    // Its own class reads EXIF only from JPEG files.
    @Test
    @Config(sdk = [OLDEST])
    @GraphicsMode(GraphicsMode.Mode.LEGACY)
    fun everyFormatTellsOnTheOldestAndroid() = assertRotated("jpg", "png", "webp")

    private fun assertRotated(vararg formats: String) {
        for (format in formats) {
            val photo = decoder.inspect(File(setting("photographs"), "small_rotated.$format"))
            assertEquals(format, 6, photo.orientation.exif)
            assertEquals(format, true, photo.flashFired)
        }
    }
}
