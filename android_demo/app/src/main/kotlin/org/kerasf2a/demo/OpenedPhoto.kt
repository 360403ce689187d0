package org.kerasf2a.demo

import org.kerasf2a.core.Analysis
import org.kerasf2a.core.Correction
import org.kerasf2a.core.LightMixture
import org.kerasf2a.demo.photo.Preview
import org.kerasf2a.demo.photo.StoredPhoto

/**
 * A photograph that the network has read, with its analysis and its preview. The photograph itself
 * is on disk and takes no memory until it is saved.
 */
class OpenedPhoto(
    val stored: StoredPhoto,
    private val analysis: LitAnalysis,
    private val preview: Preview,
    private val summary: Summary,
) {
    /** Returns the correction under the requested light. Call on the worker's thread. */
    fun correctionFor(adjustment: Adjustment): Correction = analysis.correctionFor(adjustment)

    /**
     * Corrects the preview. The result of the previous call stays valid. Call on the worker's
     * thread.
     */
    fun render(adjustment: Adjustment): ShownPhoto = ShownPhoto(
        before = preview.before,
        after = preview.correct(correctionFor(adjustment), adjustment.strength, adjustment.tone),
        summary = summary,
        takesLights = analysis.takesLights,
        isAlmostUnchanged = analysis.isAlmostUnchanged(adjustment),
    )
}

/**
 * A network's analysis with its most recent correction. Use on the worker's thread only.
 *
 * @param first the initial adjustment.
 */
class LitAnalysis(private val analysis: Analysis, first: Adjustment) {
    private var light = first.light
    private var amount = first.amount
    private var correction = analysis.under(LightMixture.of(light), amount)

    /** See [Analysis.takesLights]. */
    val takesLights: Boolean
        get() = analysis.takesLights

    /** See [Analysis.isAlmostUnchanged]. False at strength 0, which changes nothing in any case. */
    fun isAlmostUnchanged(adjustment: Adjustment): Boolean =
        adjustment.strength > 0 && analysis.isAlmostUnchanged(LightMixture.of(adjustment.light))

    /**
     * Returns the correction under a light. It is recomputed only if light or amount have changed.
     */
    fun correctionFor(adjustment: Adjustment): Correction {
        if (adjustment.light != light || adjustment.amount != amount) {
            correction = analysis.under(LightMixture.of(adjustment.light), adjustment.amount)
            light = adjustment.light
            amount = adjustment.amount
        }
        return correction
    }
}
