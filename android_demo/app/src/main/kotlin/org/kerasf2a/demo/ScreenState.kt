package org.kerasf2a.demo

import android.graphics.Bitmap
import android.net.Uri
import org.kerasf2a.demo.photo.LeftOut

/** The complete content of the screen, which is redrawn from it after every change. */
data class ScreenState(val photo: ShownPhoto? = null, val work: Work? = null, val notice: Notice? = null)

/**
 * A corrected photograph on the screen, with its summary.
 *
 * @property takesLights whether it can be shown under other lights.
 * @property isAlmostUnchanged whether it shows so little flash that the light leaves it almost unchanged.
 */
data class ShownPhoto(
    val before: Bitmap,
    val after: Bitmap,
    val summary: Summary,
    val takesLights: Boolean,
    val isAlmostUnchanged: Boolean,
)

/**
 * How a photograph was corrected.
 *
 * @property accelerator what ran the network, in words.
 * @property networkSeconds how long the network took.
 * @property totalSeconds the time from the file to the picture on the screen.
 * @property width columns of the result, upright.
 * @property height rows of the result, upright.
 * @property reducedFrom the photograph's own size, if there was too little memory for it.
 */
data class Summary(
    val accelerator: String,
    val networkSeconds: Float,
    val totalSeconds: Float,
    val width: Int,
    val height: Int,
    val reducedFrom: Pair<Int, Int>?,
)

/** A task that keeps the user waiting. */
data class Work(val kind: Kind, val fraction: Float) {
    enum class Kind { OPENING, SAVING }
}

/** A message about how a task ended. */
sealed class Notice {
    /** @property leftOut contents of the photograph's file that the saved one lacks. */
    data class Saved(val uri: Uri, val name: String, val inGallery: Boolean, val leftOut: Set<LeftOut>) :
        Notice()

    data class Failed(val error: Throwable) : Notice()

    object Cancelled : Notice()
}
