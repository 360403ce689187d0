package org.kerasf2a.core

/** The largest strength: twice the light. */
const val LARGEST_STRENGTH = 2f

/** Returns the multiplier for the light in the [Correction], at least 1. */
fun amountOf(strength: Float): Double = maxOf(strength, 1f).toDouble()
