package org.kerasf2a.demo

import org.kerasf2a.core.LightMixture
import org.kerasf2a.core.Tone
import org.kerasf2a.core.amountOf

/**
 * How the user wants a photograph to look.
 *
 * @property strength how much of the correction to apply, from 0, the original, through 1 to 2,
 *   twice the light.
 * @property brightness in stops; see [Tone].
 * @property warmth from cooler to warmer; see [Tone].
 * @property light where the light comes from, as a text for [LightMixture.of]; ignored by a
 *   generator.
 */
data class Adjustment(
    val strength: Float = 1f,
    val brightness: Float = 0f,
    val warmth: Float = 0f,
    val light: String = LightMixture.AUTO,
) {
    /** Multiplier for the network's light, at least 1. */
    val amount: Double
        get() = amountOf(strength)

    /** Brightness and warmth. */
    val tone: Tone
        get() = Tone(brightness, warmth)
}
