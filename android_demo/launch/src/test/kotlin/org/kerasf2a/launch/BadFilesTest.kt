package org.kerasf2a.launch

import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.kerasf2a.demo.DemoApplication
import org.kerasf2a.demo.R
import org.robolectric.annotation.Config

/** The app explains why it cannot correct a file, and then continues to work. */
class BadFilesTest : LaunchTest() {
    @Test
    fun broken() {
        for (format in listOf("jpg", "png", "webp")) refused("cut.$format", R.string.error_damaged)
    }

    @Test
    fun empty() = refused("empty.jpg", R.string.error_not_a_photo)

    @Test
    fun noPhotograph() = refused("words.jpg", R.string.error_not_a_photo)

    @Test
    fun tiny() = refused("tiny.jpg", R.string.error_too_small, 400, 15, 16)

    @Test
    fun gone() = refused("gone.jpg", R.string.error_unreadable)

    @Test
    fun forbidden() {
        lender.beforeOpening = { throw SecurityException("not yours") }
        refused("upright.jpg", R.string.error_unreadable)
    }

    @Test
    fun huge() {
        giveMemory(1L shl 28)
        // The app gets 128 MB, of which it reserves 64 MB. The rest holds 16 million pixels,
        // decoded at an eighth of each side.
        refused("huge.png", R.string.error_too_large, 1600.0, 1073.741824)
    }

    @Test
    fun aNetworkThatDoesNotRun() {
        app.fault = "no reason"
        refused("upright.jpg", R.string.error_model_failed, "no reason")
    }

    // The app's own engine, whose native code is for phones. Here it fails as on an unsupported
    // phone.
    @Test
    @Config(application = DemoApplication::class)
    fun aPhoneWithoutTheRuntimesNativeCode() {
        val phone = Phone()
        phone.open("upright.jpg")
        phone.waitForWork()
        val start = phone.words(R.string.error_model_failed, "").substringBefore("(")
        assertTrue(phone.text(R.id.notice), phone.text(R.id.notice).startsWith(start))
    }

    private fun refused(photograph: String, message: Int, vararg parts: Any) {
        val phone = Phone()
        phone.open(photograph)
        phone.waitForWork()
        assertEquals(phone.words(message, *parts), phone.text(R.id.notice))
        assertTrue(phone.isShown(R.id.hint))
        assertFalse(phone.view<android.view.View>(R.id.save).isEnabled)
        lender.beforeOpening = {}
        app.fault = null
        phone.openAndWait("rotated.jpg")
    }
}
