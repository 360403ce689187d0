package org.kerasf2a.core

/**
 * One light of a mixture.
 *
 * @property light the light's position and kind.
 * @property share fraction of the mixture's brightness; the shares of all lights sum to 1.
 * @property temperature in kelvins; null for the flash's own color.
 */
class MixedLight internal constructor(
    val light: DescribedLight,
    val share: Double,
    val temperature: Double? = null,
)

/**
 * Lights that illuminate a scene together.
 *
 * @property text the text it was parsed from; see [of].
 * @property lights one or more.
 * @property isAuto whether the text names `auto` alone, in any color, and so no particular light.
 */
class LightMixture internal constructor(
    val text: String,
    val lights: List<MixedLight>,
    val isAuto: Boolean,
) {
    /** The mean side of the light, in [-1, 1]; 0 is equal light from both sides. */
    val rightward: Double
        get() = lights.sumOf { it.share * it.light.rightward }

    companion object {
        /** The text of the default light: several lights in equal parts. */
        const val AUTO = "auto"

        /** Lights by name, as in `keras_f2a.data.described_lights.NAMED` of the Python package. */
        val NAMED: Map<String, DescribedLight> =
            mapOf(
                "ceiling" to DescribedLight(0.0, 45.0, 0.4, DescribedLight.Kind.CEILING),
                "window-left" to DescribedLight(-58.0, 5.0, 0.5, DescribedLight.Kind.WINDOW),
                "window-right" to DescribedLight(58.0, 5.0, 0.5, DescribedLight.Kind.WINDOW),
                "lamp-left" to DescribedLight(-58.0, 14.0, 0.1, DescribedLight.Kind.LAMP),
                "lamp-right" to DescribedLight(58.0, 14.0, 0.1, DescribedLight.Kind.LAMP),
                "room" to DescribedLight(0.0, -9.0, 0.9, DescribedLight.Kind.ROOM),
            )

        /**
         * Parses a text of lights. The syntax is described in `keras_f2a.data.light_mixtures` of
         * the Python package.
         *
         * @throws IllegalArgumentException if there is no such light, there are too many, or a
         *   number is out of range.
         */
        fun of(text: String): LightMixture {
            require(text.length <= LONGEST) { "${text.length} characters" }
            val parts = text.trim().replace(AROUND_SIGNS, "$1").split(BETWEEN_LIGHTS)
            require(parts.size <= MOST_LIGHTS) { "${parts.size} lights" }
            val weighted = parts.flatMap { lightsOf(it) }
            val total = weighted.sumOf { it.share }
            val lights = weighted.map { MixedLight(it.light, it.share / total, it.temperature) }
            val isAuto = parts.singleOrNull()?.substringBefore('*')?.substringBefore('@') == AUTO
            return LightMixture(text, lights, isAuto)
        }

        /** Returns the lights of one part of a text, with the weights as shares. */
        private fun lightsOf(part: String): List<MixedLight> {
            val match = requireNotNull(ONE.matchEntire(part)) { "\"$part\" is no light" }
            val (name, weightText, kelvinText) = match.destructured
            val weight = if (weightText.isEmpty()) 1.0 else number(weightText.drop(1), 0.01..10.0)
            val kelvin = if (kelvinText.isEmpty()) null else number(kelvinText.drop(1), KELVINS)
            if (name == AUTO) return ALL.map { MixedLight(NAMED.getValue(it), weight / ALL.size, kelvin) }
            return listOf(MixedLight(NAMED[name] ?: parseDirection(name), weight, kelvin))
        }

        private fun parseDirection(text: String): DescribedLight {
            val parts = text.split(",")
            require(parts.size == 3) { "\"$text\" is neither a light's name nor three numbers" }
            val (azimuth, elevation, size) = parts.map { number(it) }
            return DescribedLight(azimuth, elevation, size)
        }

        private fun number(text: String, range: ClosedFloatingPointRange<Double>? = null): Double {
            require(NUMBER.matches(text)) { "\"$text\" is no number" }
            val number = text.toDouble()
            require(range == null || number in range) { "$number is out of range" }
            return number
        }

        private const val LONGEST = 400
        private const val MOST_LIGHTS = 8
        private val KELVINS = 2000.0..12000.0

        /** The lights that [AUTO] mixes in equal parts. */
        private val ALL = listOf("ceiling", "window-left", "window-right", "room")
        private val AROUND_SIGNS = Regex("""\s*([,*@+])\s*""")

        /** A plus that is not the sign of a number, or white space. */
        private val BETWEEN_LIGHTS = Regex("""(?<![+,*@])(?<!^)(?<!\d[eE])\+|\s+""")
        private val ONE = Regex("""([^*@]*)(\*[^*@]*)?(@[^*@]*)?""")
        private val NUMBER = Regex("""[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?""")
    }
}
