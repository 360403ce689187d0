package org.kerasf2a.core

import java.util.concurrent.Callable
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors

/**
 * What the network does to a photograph. It can be applied at any size and any tone, in full or
 * mixed with the original: step 7 of `keras_f2a.correction.full_resolution` in the Python package.
 * [Analysis.under] creates it.
 */
class Correction
internal constructor(private val model: LocalAffine, private val faces: List<Face>) {
    /**
     * Corrects every pixel of a photograph, strip by strip, and leaves alpha unchanged. Unless the
     * strength is 0, it also repairs the red eyes of the detected faces.
     *
     * It needs memory for two strips of 16 rows, regardless of the photograph's size.
     *
     * @param source the photograph that was analyzed, possibly at another size.
     * @param target receives the result; of the same size as [source], or [source] itself.
     * @param strength from 0, the original, through 1 to [LARGEST_STRENGTH]. Above 1, the
     *   correction must be for the matching [amountOf].
     * @param tone brightness and warmth, applied after the strength.
     * @param monitor receives the progress, and is the way to stop. Interrupting the calling thread
     *   would leave two others running.
     * @throws java.util.concurrent.CancellationException if the monitor requests it. A part of
     *   [target] is then corrected.
     */
    fun apply(
        source: PhotoBuffer,
        target: PhotoBuffer,
        strength: Float = 1f,
        tone: Tone = Tone.NEUTRAL,
        monitor: Monitor = Monitor.None,
    ) {
        require(source.width == target.width && source.height == target.height) {
            "${target.width} x ${target.height} for ${source.width} x ${source.height} pixels"
        }
        require(strength in 0f..LARGEST_STRENGTH) {
            "strength $strength is not between 0 and $LARGEST_STRENGTH"
        }
        val mixed = model.mixedWithOriginal(minOf(strength, 1f))
        val rounding = if (tone.isNeutral) PlainRounding else ToneRounding(tone)
        val counter = StepCounter(monitor, source.height)
        val middle = source.height / 2
        val repaired = if (strength > 0) withoutRedEyes(source) else source
        inTwoThreads(
            { StripApplication(mixed, rounding, repaired, target, counter).apply(0, middle) },
            { StripApplication(mixed, rounding, repaired, target, counter).apply(middle, source.height) },
        )
    }

    private fun withoutRedEyes(photo: PhotoBuffer): PhotoBuffer {
        if (faces.isEmpty()) return photo
        return RepairedPhoto(photo, faces, photo.width / model.gain.width.toDouble())
    }
}

/** Applies a model to some of a photograph's rows. Each thread has its own instance. */
private class StripApplication(
    model: LocalAffine,
    private val rounding: Rounding,
    private val source: PhotoBuffer,
    private val target: PhotoBuffer,
    private val counter: StepCounter,
) {
    private val width = source.width
    private val down = Positions(source.height, model.gain.height)
    private val gains: WideRows
    private val offsets: WideRows
    private val strip = IntArray(STRIP_ROWS * width)

    init {
        val across = Positions(width, model.gain.width)
        val offset = model.offset
        val inUnitsOfPixels = FloatArray(offset.values.size) { offset.values[it] * WHITE }
        gains = WideRows(model.gain, across)
        offsets = WideRows(RgbImage(offset.height, offset.width, inUnitsOfPixels), across)
    }

    fun apply(first: Int, end: Int) {
        for (top in first until end step STRIP_ROWS) {
            val rows = minOf(STRIP_ROWS, end - top)
            // Both threads share the lock, because a buffer need not be thread-safe.
            synchronized(counter) { source.read(0, top, width, rows, strip) }
            for (row in 0 until rows) correctRow(top + row, row * width)
            synchronized(counter) { target.write(0, top, width, rows, strip) }
            counter.advance(rows)
        }
    }

    private fun correctRow(row: Int, start: Int) {
        gains.moveTo(down.before[row])
        offsets.moveTo(down.before[row])
        val share = down.share[row]
        for (column in 0 until width) {
            val pixel = strip[start + column]
            val index = column * CHANNELS
            val red = rounding.toLevel(0, correct(pixel shr 16 and 0xFF, index, share))
            val green = rounding.toLevel(1, correct(pixel shr 8 and 0xFF, index + 1, share))
            val blue = rounding.toLevel(2, correct(pixel and 0xFF, index + 2, share))
            strip[start + column] = (pixel and ALPHA) or (red shl 16) or (green shl 8) or blue
        }
    }

    private fun correct(value: Int, index: Int, share: Float): Float {
        val gain = share * gains.step[index] + gains.upper[index]
        val offset = share * offsets.step[index] + offsets.upper[index]
        return value * gain + offset
    }
}

/** Converts a corrected value to a gray level, 0 to 255. */
private interface Rounding {
    fun toLevel(channel: Int, value: Float): Int
}

/** Rounds half up, because `toInt` truncates. */
private object PlainRounding : Rounding {
    override fun toLevel(channel: Int, value: Float): Int = minOf(maxOf(value + 0.5f, 0f), WHITE).toInt()
}

/** Rounds through the curves of a [Tone]. */
private class ToneRounding(tone: Tone) : Rounding {
    private val curves = tone.curves()

    override fun toLevel(channel: Int, value: Float): Int {
        val step = value * Tone.STEPS_PER_LEVEL + 0.5f
        return curves[channel][minOf(maxOf(step, 0f), Tone.STEPS.toFloat()).toInt()]
    }
}

private fun inTwoThreads(first: () -> Unit, second: () -> Unit) {
    val pool = Executors.newFixedThreadPool(2)
    try {
        // Waits for both even if one fails, because no thread may write to the target afterward.
        val parts = pool.invokeAll(listOf(Callable { first() }, Callable { second() }))
        parts.forEach { it.get() }
    } catch (error: ExecutionException) {
        throw error.cause ?: error
    } finally {
        pool.shutdown()
    }
}

private const val STRIP_ROWS = 16
private const val WHITE = 255f
private const val ALPHA = 0xFF shl 24
