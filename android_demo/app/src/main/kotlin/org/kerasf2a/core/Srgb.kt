package org.kerasf2a.core

import kotlin.math.pow

/** Returns the linear light of an sRGB value, both in [0, 1]. */
internal fun decodeSrgb(value: Double): Double =
    if (value <= 0.04045) value / 12.92 else ((value + 0.055) / 1.055).pow(2.4)

/** Returns the sRGB value of linear light, both in [0, 1]. */
internal fun encodeSrgb(light: Double): Double =
    if (light <= 0.0031308) light * 12.92 else 1.055 * light.pow(1 / 2.4) - 0.055

/** The weights of red, green and blue in the luminance of linear light (Rec. 709). */
internal val LUMINANCE = doubleArrayOf(0.2126, 0.7152, 0.0722)
