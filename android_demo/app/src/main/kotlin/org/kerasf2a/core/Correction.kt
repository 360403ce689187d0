package org.kerasf2a.core

import java.util.concurrent.Callable
import java.util.concurrent.ExecutionException
import java.util.concurrent.Executors

/**
 * What the network does to a photograph, ready to be applied to it at any size and any tone, as a
 * whole or mixed with the original: step 7 of `keras_f2a.correction.full_resolution` in the Python
 * package. Made by [Analysis.under].
 */
class Correction
internal constructor(private val model: LocalAffine, private val faces: List<Face>) {
    /**
     * Corrects every pixel of a photograph, strip by strip; alpha stays as it is. Red eyes of the
     * faces that were found are repaired, whatever the strength is.
     *
     * Needs memory for two strips of 16 rows, whatever the photograph's size.
     *
     * @param source the photograph that was analyzed, or the same one at another size.
     * @param target receives the result; of the same size, and [source] itself if that may change.
     * @param strength from 0, the original, over 1 to [LARGEST_STRENGTH]; above 1, the correction
     *   must be one of its [amountOf].
     * @param tone brightness and warmth, applied to what the strength leaves.
     * @param monitor watches it, and is the way to stop it: interrupting the thread that called
     *   would leave two others at work.
     * @throws java.util.concurrent.CancellationException if the monitor asks to stop; a part of
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
        val repaired = if (strength > 0) repaired(source) else source
        inTwoThreads(
            { StripApplication(mixed, rounding, repaired, target, counter).apply(0, middle) },
            { StripApplication(mixed, rounding, repaired, target, counter).apply(middle, source.height) },
        )
    }

    private fun repaired(photo: PhotoBuffer): PhotoBuffer {
        if (faces.isEmpty()) return photo
        return RepairedPhoto(photo, faces, photo.width / model.gain.width.toDouble())
    }
}

/** Applies a model to a part of a photograph's rows; one object for each thread. */
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
            // Both threads share the lock: a buffer need not bear two at once.
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
            val red = rounding.toLevel(0, corrected(pixel shr 16 and 0xFF, index, share))
            val green = rounding.toLevel(1, corrected(pixel shr 8 and 0xFF, index + 1, share))
            val blue = rounding.toLevel(2, corrected(pixel and 0xFF, index + 2, share))
            strip[start + column] = (pixel and ALPHA) or (red shl 16) or (green shl 8) or blue
        }
    }

    private fun corrected(value: Int, index: Int, share: Float): Float {
        val gain = share * gains.step[index] + gains.upper[index]
        val offset = share * offsets.step[index] + offsets.upper[index]
        return value * gain + offset
    }
}

/** Makes a gray level, 0 to 255, of a corrected value. */
private interface Rounding {
    fun toLevel(channel: Int, value: Float): Int
}

/** Rounds half up, because the conversion cuts off. */
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
        // Waits for both even if one fails: nobody may write to the target after that.
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
