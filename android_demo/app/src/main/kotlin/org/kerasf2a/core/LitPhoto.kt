package org.kerasf2a.core

/**
 * A photograph that a network for placed light has read, so that any light can be shown quickly.
 * Matches `keras_f2a.correction.lit_photo` in the Python package. Not thread-safe.
 */
class LitPhoto
private constructor(
    private val engine: LightEngine,
    private val copy: WorkingCopy,
    private val small: RgbImage,
    private val faces: List<Face>?,
    flashFired: Boolean?,
) : Analysis {
    override val takesLights = true
    private val read = engine.encode(copy.intoFrame(small).values)
    private val flashShare: Double = flashShare(read.flashShare, flashFired)
    private val ruled = faces?.let { RuledPhoto(small, it) }
    private val fit = LocalAffineFit(small)
    private var last: Pair<String, MixedGain>? = null

    /**
     * Runs the network for each light of a mixture, unless the mixture is the same as last time.
     *
     * @return what the light does to the photograph.
     * @throws PhotoError.ModelFailed if the network does not run, or does not return a valid gain.
     */
    override fun under(light: LightMixture, amount: Double): Correction =
        Correction(fit.to(smallUnder(light, amount)), faces.orEmpty())

    override fun isAlmostUnchanged(light: LightMixture): Boolean {
        val dependsOnFlash = light.isAuto && ruled != null
        return dependsOnFlash && shareBetween(flashShare, LITTLE_FLASH, MUCH_FLASH) < ALMOST_NONE
    }

    private fun smallUnder(light: LightMixture, amount: Double): RgbImage {
        val mixed = mixedGain(light)
        val share = if (light.isAuto) flashShare else 1.0
        val relit =
            ruled?.relit(mixed.logGain, light.rightward, amount, share)
                ?: relightByNetwork(small, mixed.logGain, amount)
        return if (mixed.tint == null) relit.image else relit.tinted(mixed.tint)
    }

    private fun mixedGain(light: LightMixture): MixedGain {
        last?.let { (text, gain) -> if (text == light.text) return gain }
        val gains =
            light.lights.map { copy.gainOutOfFrame(engine.logGain(read.features, it.light.numbers())) }
        return MixedGain.of(small, gains, light).also { last = Pair(light.text, it) }
    }

    companion object {
        /**
         * Lets a network read a photograph. With a face network, the rules of light apply.
         * Otherwise the light is the network's own.
         *
         * @param photo the photograph, upright; it stays unchanged.
         * @param engine the network; it must stay open until the last call of [under].
         * @param faceNetwork finds faces for the rules of light; null for no rules.
         * @param monitor receives the progress; the network itself cannot be interrupted.
         * @param flashFired whether the photograph's file says that the flash fired; null if it
         *   does not say.
         * @throws PhotoError.ModelFailed if the network does not run, or returns no valid answer.
         * @throws java.util.concurrent.CancellationException if the monitor requests it.
         */
        fun read(
            photo: PhotoBuffer,
            engine: LightEngine,
            faceNetwork: FaceNetwork? = null,
            monitor: Monitor = Monitor.None,
            flashFired: Boolean? = null,
        ): LitPhoto = read(photo, engine, faceNetwork?.let { BlazeFace(it) }, monitor, flashFired)

        internal fun read(
            photo: PhotoBuffer,
            engine: LightEngine,
            faceFinder: FaceFinder?,
            monitor: Monitor = Monitor.None,
            flashFired: Boolean? = null,
        ): LitPhoto {
            // The copy is never rotated in the network's input, because left and right matter.
            val copy = WorkingCopy.upright(photo.height, photo.width, engine.height, engine.width)
            val small = shrink(photo, copy.height, copy.width, monitor.part(0f, SHRUNK))
            val faces = faceFinder?.find(small)
            monitor.stopIfCancelled()
            val read = LitPhoto(engine, copy, small, faces, flashFired)
            monitor.stopIfCancelled()
            monitor.progress(1f)
            return read
        }

        private const val SHRUNK = 0.3f

        /**
         * If less than this fraction of `auto` is applied, the photograph counts as almost
         * unchanged.
         */
        private const val ALMOST_NONE = 0.1
    }
}
