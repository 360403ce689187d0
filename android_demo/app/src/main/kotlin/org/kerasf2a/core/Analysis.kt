package org.kerasf2a.core

/** What a network found out about a photograph. Of one thread at a time. */
interface Analysis {
    /** Whether [under] tells lights apart; otherwise there is one light for all. */
    val takesLights: Boolean

    /**
     * Returns the correction of the photograph under a light. A network that is told of lights runs
     * only if this is another one than before.
     *
     * @param amount how many times the light is wanted, at least 1; see [amountOf].
     * @throws PhotoError.ModelFailed if the network does not run.
     */
    fun under(light: LightMixture, amount: Double = 1.0): Correction

    /** Whether the photograph shows so little flash that a light leaves it almost as it is. */
    fun isLeft(light: LightMixture): Boolean
}

/**
 * Runs a network of either kind on a small copy of a photograph.
 *
 * @param photo the photograph, upright; it stays as it is.
 * @param faceNetwork finds faces for the rules of light; stays open; null for no rules.
 * @param monitor watches it; the network itself cannot be interrupted.
 * @param flashFired whether the photograph's file says that the flash fired; null if it says nothing.
 * @throws PhotoError.ModelFailed if the network does not run.
 * @throws java.util.concurrent.CancellationException if the monitor asks to stop.
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
