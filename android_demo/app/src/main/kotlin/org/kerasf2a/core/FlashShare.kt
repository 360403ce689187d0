package org.kerasf2a.core

/** The factor by which the file's flash tag changes the odds that the light is a flash's. */
private const val FIRED_ODDS = 20.0

/**
 * Returns the flash's share of a photograph's light, from what the network saw and what the file
 * says. Matches `keras_f2a.correction.flash_share` in the Python package.
 *
 * @param seen what the network saw, in [0, 1]. 0 and 1 stay unchanged.
 * @param fired whether the file says that the flash fired; null if it does not say.
 */
fun flashShare(seen: Double, fired: Boolean?): Double {
    if (fired == null) return seen
    val (flash, others) = if (fired) Pair(FIRED_ODDS, 1.0) else Pair(1.0, FIRED_ODDS)
    return flash * seen / (flash * seen + others * (1 - seen))
}
