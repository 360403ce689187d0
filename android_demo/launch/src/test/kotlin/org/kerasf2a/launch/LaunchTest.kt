package org.kerasf2a.launch

import android.app.ActivityManager
import android.content.Context
import android.content.Intent
import android.net.Uri
import org.junit.Before
import org.junit.runner.RunWith
import org.kerasf2a.demo.MainActivity
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** The newest Android that the app is launched on, and the oldest one that it supports. */
const val NEWEST = 36
const val OLDEST = 24

/** A phone of a common size. */
const val PHONE = "w360dp-h780dp-xxhdpi"

/** A test that launches the app on a phone with other apps installed. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [NEWEST], application = LaunchedApplication::class, qualifiers = PHONE)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
abstract class LaunchTest {
    protected lateinit var lender: PhotographLender
    protected lateinit var gallery: FileKeeper

    /** The app's process, unless a test replaces it. */
    protected val app: LaunchedApplication
        get() = RuntimeEnvironment.getApplication() as LaunchedApplication

    @Before
    fun installOtherApps() {
        lender = PhotographLender.install()
        gallery = FileKeeper.installAsGallery()
        giveMemory(1L shl 30)
    }

    /** Returns the intent with which another app shares a photograph with this one. */
    protected fun shared(uri: Uri): Intent = Intent(Intent.ACTION_SEND)
        .setClass(app, MainActivity::class.java)
        .setType("image/jpeg")
        .putExtra(Intent.EXTRA_STREAM, uri)

    /** Sets how many bytes are free on the phone. */
    protected fun giveMemory(bytes: Long) {
        val phone: Context = RuntimeEnvironment.getApplication()
        val manager = phone.getSystemService(Context.ACTIVITY_SERVICE) as ActivityManager
        shadowOf(manager).setMemoryInfo(ActivityManager.MemoryInfo().apply { availMem = bytes })
    }
}
