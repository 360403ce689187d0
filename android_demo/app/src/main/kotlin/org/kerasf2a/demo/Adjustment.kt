package org.kerasf2a.demo

import org.kerasf2a.core.LightMixture
import org.kerasf2a.core.Tone
import org.kerasf2a.core.amountOf

/**
 * How the user wants a photograph to look.
 *
 * @property strength how much of the correction is applied, from 0, the original, over 1 to 2, twice
 *   the light.
 * @property brightness stops, as [Tone] has them.
 * @property warmth from cooler to warmer, as [Tone] has it.
 * @property light where the light comes from, as [LightMixture.of] takes it, for a network that can
 *   be told.
 */
data class Adjustment(
    val strength: Float = 1f,
    val brightness: Float = 0f,
    val warmth: Float = 0f,
    val light: String = LightMixture.AUTO,
) {
    /** How many times the network's light is wanted, at least 1. */
    val amount: Double
        get() = amountOf(strength)

    /** What is done to the light beside the network's correction. */
    val tone: Tone
        get() = Tone(brightness, warmth)
}
