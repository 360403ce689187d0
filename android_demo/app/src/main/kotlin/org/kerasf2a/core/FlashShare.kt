package org.kerasf2a.core

/** By how much a photograph's file changes the odds of a flash's light. */
private const val FIRED_ODDS = 20.0

/**
 * Returns which share of a photograph's light is a flash's, by what the network saw and what the file
 * says: `keras_f2a.correction.flash_share` in the Python package.
 *
 * @param seen what the network saw, in [0, 1]. 0 and 1 stay as they are.
 * @param fired whether the file says that the flash fired; null if it says nothing.
 */
fun flashShare(seen: Double, fired: Boolean?): Double {
    if (fired == null) return seen
    val (flash, others) = if (fired) Pair(FIRED_ODDS, 1.0) else Pair(1.0, FIRED_ODDS)
    return flash * seen / (flash * seen + others * (1 - seen))
}
