package org.kerasf2a.core

/**
 * A photograph that a generator has read. There is one light, which can be requested repeatedly.
 * Not thread-safe.
 *
 * @param small the photograph's small copy.
 * @param output the generator's output for it, of the same size.
 * @param faces the faces in the copy, for the rules of light; null for the generator's own result.
 */
class GeneratorAnalysis
internal constructor(
    private val small: RgbImage,
    private val output: RgbImage,
    private val faces: List<Face>?,
) : Analysis {
    override val takesLights = false
    private val ruled = faces?.let { RuledPhoto(small, it) }
    private val logGain = faces?.let { logGainOf(small, output) }
    private val fit = LocalAffineFit(small)

    override fun under(light: LightMixture, amount: Double): Correction = times(amount)

    /** Always false, because the generator's only light does not depend on the flash. */
    override fun isAlmostUnchanged(light: LightMixture): Boolean = false

    /**
     * Returns what the generator does to the photograph.
     *
     * @param amount multiplier for its light, at least 1; see [amountOf].
     */
    fun times(amount: Double = 1.0): Correction = Correction(fit.to(correct(amount)), faces.orEmpty())

    private fun correct(amount: Double): RgbImage = when {
        ruled != null && logGain != null -> ruled.relit(logGain, amount = amount).image
        amount > 1 -> exaggerate(amount.toFloat())
        else -> output
    }

    /** Multiplies the change that the generator made. */
    private fun exaggerate(amount: Float): RgbImage {
        val result = RgbImage(small.height, small.width)
        for (index in result.values.indices) {
            val before = small.values[index]
            val exaggerated = before + amount * (output.values[index] - before)
            result.values[index] = exaggerated.coerceIn(0f, 1f)
        }
        return result
    }
}
