package org.kerasf2a.core

/** The largest strength: twice the light. */
const val LARGEST_STRENGTH = 2f

/** How many times a strength wants the light, at least 1: that many times it is in the [Correction]. */
fun amountOf(strength: Float): Double = maxOf(strength, 1f).toDouble()
