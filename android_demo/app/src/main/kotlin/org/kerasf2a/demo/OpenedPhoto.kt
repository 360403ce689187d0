package org.kerasf2a.demo

import android.graphics.Bitmap
import org.kerasf2a.core.Analysis
import org.kerasf2a.core.Correction
import org.kerasf2a.core.LightMixture
import org.kerasf2a.demo.photo.Preview
import org.kerasf2a.demo.photo.StoredPhoto

/**
 * A photograph that the network has seen: what it does to it, and the preview. The photograph itself
 * is on the disk and takes no memory until it is saved.
 */
class OpenedPhoto(
    val stored: StoredPhoto,
    private val lit: LitAnalysis,
    private val preview: Preview,
    val summary: Summary,
) {
    /** The preview as it was. */
    val before: Bitmap
        get() = preview.before

    /** Whether it can be shown under other lights. */
    val takesLights: Boolean
        get() = lit.takesLights

    /** The correction under a light. On the worker's thread. */
    fun under(light: String): Correction = lit.under(light)

    /** Corrects the preview; what the last call returned stays as it is. On the worker's thread. */
    fun corrected(wanted: Adjustment): Bitmap =
        preview.corrected(under(wanted.light), wanted.strength, wanted.tone)
}

/** What the network found out, with the light that it was asked for last. Of the worker's thread. */
class LitAnalysis(private val analysis: Analysis, private var light: String) {
    private var correction = analysis.under(LightMixture.of(light))

    /** See [Analysis.takesLights]. */
    val takesLights: Boolean
        get() = analysis.takesLights

    /** The correction under a light; the network is asked only if it is another one than before. */
    fun under(light: String): Correction {
        if (light != this.light) {
            correction = analysis.under(LightMixture.of(light))
            this.light = light
        }
        return correction
    }
}
