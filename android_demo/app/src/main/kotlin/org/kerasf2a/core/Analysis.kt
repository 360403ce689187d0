package org.kerasf2a.core

/**
 * A photograph that a network has read and can now correct under different lights. Not thread-safe.
 */
interface Analysis {
    /** Whether [under] depends on the light. If not, the result is the same for all lights. */
    val takesLights: Boolean

    /**
     * Returns the correction of the photograph under a light. A network for placed light runs only
     * if the light differs from the previous one.
     *
     * @param amount multiplier for the light, at least 1; see [amountOf].
     * @throws PhotoError.ModelFailed if the network does not run.
     */
    fun under(light: LightMixture, amount: Double = 1.0): Correction

    /**
     * Returns whether the photograph shows so little flash that a light leaves it almost unchanged.
     */
    fun isAlmostUnchanged(light: LightMixture): Boolean
}

/**
 * Runs a network of either kind on a small copy of a photograph.
 *
 * @param photo the photograph, upright; it stays unchanged.
 * @param faceNetwork finds faces for the rules of light; stays open; null for no rules.
 * @param monitor receives the progress; the network itself cannot be interrupted.
 * @param flashFired whether the photograph's file says that the flash fired; null if it does not
 *   say.
 * @throws PhotoError.ModelFailed if the network does not run.
 * @throws java.util.concurrent.CancellationException if the monitor requests it.
 */
fun Network.analyze(
    photo: PhotoBuffer,
    faceNetwork: FaceNetwork? = null,
    monitor: Monitor = Monitor.None,
    flashFired: Boolean? = null,
): Analysis = when (this) {
    is Engine -> Corrector(this, faceNetwork).analyze(photo, monitor)
    is LightEngine -> LitPhoto.read(photo, this, faceNetwork, monitor, flashFired)
}
