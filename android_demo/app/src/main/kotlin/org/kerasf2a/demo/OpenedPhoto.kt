package org.kerasf2a.demo

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
    private val summary: Summary,
) {
    /** The correction by the light that is wanted. On the worker's thread. */
    fun by(wanted: Adjustment): Correction = lit.by(wanted)

    /** Corrects the preview; what the last call returned stays as it is. On the worker's thread. */
    fun shown(wanted: Adjustment): ShownPhoto = ShownPhoto(
        before = preview.before,
        after = preview.corrected(by(wanted), wanted.strength, wanted.tone),
        summary = summary,
        takesLights = lit.takesLights,
        isLeft = lit.isLeft(wanted),
    )
}

/**
 * What the network found out, with the correction that it was asked for last. Of the worker's thread.
 *
 * @param first what is wanted first.
 */
class LitAnalysis(private val analysis: Analysis, first: Adjustment) {
    private var light = first.light
    private var amount = first.amount
    private var correction = analysis.under(LightMixture.of(light), amount)

    /** See [Analysis.takesLights]. */
    val takesLights: Boolean
        get() = analysis.takesLights

    /** See [Analysis.isLeft]; at strength 0 that has nothing to do with the flash. */
    fun isLeft(wanted: Adjustment): Boolean =
        wanted.strength > 0 && analysis.isLeft(LightMixture.of(wanted.light))

    /** The correction by a light; made anew only if light or amount are others than before. */
    fun by(wanted: Adjustment): Correction {
        if (wanted.light != light || wanted.amount != amount) {
            correction = analysis.under(LightMixture.of(wanted.light), wanted.amount)
            light = wanted.light
            amount = wanted.amount
        }
        return correction
    }
}
