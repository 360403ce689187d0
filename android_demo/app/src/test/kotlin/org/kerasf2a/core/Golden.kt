package org.kerasf2a.core

import java.io.DataInputStream
import java.io.File
import java.util.zip.InflaterInputStream

/** Reads the files that `python -m android_demo.make_golden` writes. */
class Golden(name: String) : AutoCloseable {
    private val input =
        DataInputStream(InflaterInputStream(javaClass.getResourceAsStream("/golden/$name")!!))

    fun int(): Int = input.readInt()

    fun float(): Float = input.readFloat()

    fun double(): Double = input.readDouble()

    /** Reads what a photograph's file says about the flash. */
    fun flashFired(): Boolean? = int().let { said -> if (said < 0) null else said == 1 }

    fun bytes(count: Int): ByteArray = ByteArray(count).also { input.readFully(it) }

    /** Reads RGB pixels and packs them like a photograph's, opaque. */
    fun photo(width: Int, height: Int): ArrayPhoto {
        val rgb = bytes(width * height * CHANNELS)
        val pixels =
            IntArray(width * height) { pixel ->
                (0 until CHANNELS).fold(0xFF) { packed, channel ->
                    (packed shl 8) or (rgb[pixel * CHANNELS + channel].toInt() and 0xFF)
                }
            }
        return ArrayPhoto(width, height, pixels)
    }

    /** Reads values that are stored as bytes, in units of 1 / [levels]. */
    fun values(count: Int, levels: Float): FloatArray {
        val stored = bytes(count)
        return FloatArray(count) { (stored[it].toInt() and 0xFF) / levels }
    }

    /** Reads values that are stored in 16 bits. */
    fun wideValues(count: Int): FloatArray = FloatArray(count) { input.readUnsignedShort() / WIDE_WHITE }

    /** Reads 32-bit floats. */
    fun floats(count: Int): FloatArray = FloatArray(count) { float() }

    /** Reads 32-bit floats, one per pixel of a small image. */
    internal fun plane(height: Int, width: Int): Plane =
        Plane(height, width, DoubleArray(height * width) { float().toDouble() })

    /** Reads three numbers per pixel, and returns one plane per channel. */
    internal fun planes(height: Int, width: Int): List<Plane> {
        val numbers = floats(height * width * CHANNELS)
        return List(CHANNELS) { channel ->
            Plane(height, width, DoubleArray(height * width) { numbers[it * CHANNELS + channel].toDouble() })
        }
    }

    fun text(): String = String(bytes(int()), Charsets.UTF_8)

    /** Reads a list of faces. */
    internal fun faces(): List<Face> = List(int()) {
        val numbers = List(4) { float().toDouble() }
        val eyes = List(int()) { Place(float().toDouble(), float().toDouble()) }
        Face(numbers[0], numbers[1], numbers[2], numbers[3], eyes)
    }

    /** Whether everything has been read. */
    val isAtEnd: Boolean
        get() = input.read() < 0

    override fun close() = input.close()

    companion object {
        private const val WIDE_WHITE = 65535f

        /** Tolerance for 16-bit numbers: half a step for rounding, and a little more. */
        const val WIDE_STEP = 0.51f / WIDE_WHITE

        /** Returns the names of the files that start with [prefix], for a parameterized test. */
        fun names(prefix: String): List<String> = File(Golden::class.java.getResource("/golden")!!.toURI())
            .list()!!
            .filter { it.startsWith(prefix) }
            .sorted()
            .also { check(it.isNotEmpty()) { "no golden files of $prefix" } }
    }
}

/** Returns the largest difference between two photographs, in gray levels. */
fun largestDifference(first: ArrayPhoto, second: ArrayPhoto): Int = first.pixels.indices.maxOf { index ->
    (0..24 step 8).maxOf { shift ->
        val a = first.pixels[index] shr shift and 0xFF
        val b = second.pixels[index] shr shift and 0xFF
        Math.abs(a - b)
    }
}

/** An engine that applies a function and records its input image. */
class FakeEngine(
    override val width: Int,
    override val height: Int,
    private val compute: (FloatArray) -> FloatArray,
) : Engine {
    override val description = "fake"
    var image = FloatArray(0)
    var isClosed = false

    override fun run(image: FloatArray): FloatArray {
        this.image = image
        return compute(image)
    }

    override fun close() {
        isClosed = true
    }
}

/**
 * A network for placed light that returns fixed answers in turn and records its input image.
 *
 * @param share its output for the flash's share; null for an older network.
 */
class FakeLightEngine(
    override val width: Int,
    override val height: Int,
    private val answers: List<LogGain>,
    private val share: FloatArray? = null,
) : LightEngine {
    override val description = "fake"
    var image = FloatArray(0)
    var encoded = 0
    var asked = 0

    override fun encode(image: FloatArray): ReadPhoto {
        this.image = image
        encoded++
        return ReadPhoto(listOf(image), share)
    }

    override fun logGain(features: List<FloatArray>, light: FloatArray): LogGain =
        answers[asked++ % answers.size]

    override fun close() = Unit
}

/** Returns a photograph of random pixels. */
fun madeUpPhoto(width: Int, height: Int, alpha: Int = 0xFF): ArrayPhoto {
    val random = java.util.Random(7)
    val pixels = IntArray(width * height) { (alpha shl 24) or random.nextInt(1 shl 24) }
    return ArrayPhoto(width, height, pixels)
}
