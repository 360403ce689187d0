package org.kerasf2a.core

import kotlin.math.PI
import kotlin.math.floor
import kotlin.math.hypot
import kotlin.math.sqrt

/**
 * A photograph whose red eyes are repaired when it is read. Writes go directly to the photograph.
 * `keras_f2a.correction.red_eyes` in the Python package describes every step.
 *
 * @param photo the photograph; the repairs do not change it.
 * @param faces its faces, in pixels of the small copy.
 * @param scale pixels of the photograph per pixel of the small copy.
 */
internal class RepairedPhoto(private val photo: PhotoBuffer, faces: List<Face>, scale: Double) :
    PhotoBuffer {
    override val width = photo.width
    override val height = photo.height
    private val repairs = mutableListOf<Repair>()

    /** How many eyes were repaired. */
    val count: Int
        get() = repairs.size

    init {
        for (face in faces) {
            for (eye in face.eyes) repair(face.width * scale, eye.x * scale, eye.y * scale)
        }
    }

    override fun read(left: Int, top: Int, columns: Int, rows: Int, into: IntArray) {
        photo.read(left, top, columns, rows, into)
        for (repair in repairs) repair.copyTo(left, top, columns, rows, into)
    }

    override fun write(left: Int, top: Int, columns: Int, rows: Int, from: IntArray) =
        photo.write(left, top, columns, rows, from)

    private fun repair(faceWidth: Double, x: Double, y: Double) {
        val left = first(x, faceWidth)
        val top = first(y, faceWidth)
        val columns = end(x, faceWidth, width) - left
        val rows = end(y, faceWidth, height) - top
        if (minOf(columns, rows) < SMALLEST_WINDOW) return
        val pixels = IntArray(columns * rows)
        read(left, top, columns, rows, pixels)
        val window = EyeWindow(columns, rows, pixels)
        val pupil = window.pupil(faceWidth, x - left, y - top) ?: return
        window.repair(pupil)
        repairs += Repair(left, top, columns, rows, pixels)
    }

    private fun first(center: Double, faceWidth: Double) =
        maxOf(floor(center - REACH * faceWidth + 0.5).toInt(), 0)

    private fun end(center: Double, faceWidth: Double, size: Int) =
        minOf(floor(center + REACH * faceWidth + 0.5).toInt(), size)
}

/** A repaired rectangle of a photograph. */
private class Repair(
    private val left: Int,
    private val top: Int,
    private val columns: Int,
    private val rows: Int,
    private val pixels: IntArray,
) {
    /** Copies the overlap with another rectangle into that rectangle's pixels. */
    fun copyTo(otherLeft: Int, otherTop: Int, otherColumns: Int, otherRows: Int, into: IntArray) {
        val from = maxOf(left, otherLeft)
        val count = minOf(left + columns, otherLeft + otherColumns) - from
        if (count <= 0) return
        for (row in maxOf(top, otherTop) until minOf(top + rows, otherTop + otherRows)) {
            val source = (row - top) * columns + from - left
            val target = (row - otherTop) * otherColumns + from - otherLeft
            System.arraycopy(pixels, source, into, target, count)
        }
    }
}

/** The surroundings of an eye: steps 2 to 5. */
private class EyeWindow(private val columns: Int, private val rows: Int, private val pixels: IntArray) {
    private val brightest = DoubleArray(pixels.size) { maxOf(green(it), blue(it)) }
    private val redness =
        DoubleArray(pixels.size) { (red(it) - brightest[it]) / maxOf(red(it), 0.05) }
    private val skin = median(redness)
    private val brightness = median(brightest)

    /** Returns the largest patch of red pixels that can be a pupil, or null. */
    fun pupil(faceWidth: Double, x: Double, y: Double): Patch? =
        patches().filter { isPupil(it, faceWidth, x, y) }.maxByOrNull { it.pixels.size }

    /** Turns the pupil gray. */
    fun repair(pupil: Patch) {
        val radius = sqrt(pupil.pixels.size / PI)
        for (pixel in pixels.indices) {
            val distance = hypot(pixel % columns - pupil.centerX, pixel / columns - pupil.centerY)
            val near = ((1.8 - distance / radius) / 0.5).coerceIn(0.0, 1.0)
            val red = ((redness[pixel] - maxOf(0.1, skin)) / 0.15).coerceIn(0.0, 1.0)
            repair(pixel, near * red)
        }
    }

    private fun repair(pixel: Int, weight: Double) {
        val gray = 0.9 * minOf(green(pixel), blue(pixel))
        var packed = pixels[pixel] and ALPHA
        for (shift in intArrayOf(RED, GREEN, BLUE)) {
            val value = channel(pixel, shift)
            val repaired = ((value + weight * (gray - value)) * WHITE).toFloat() + 0.5f
            packed = packed or (minOf(maxOf(repaired, 0f), WHITE).toInt() shl shift)
        }
        pixels[pixel] = packed
    }

    /** Checks the conditions of step 3. */
    private fun isRed(pixel: Int): Boolean = redness[pixel] > maxOf(0.28, skin + 0.15) &&
        brightest[pixel] < 0.85 * brightness + 0.02 &&
        red(pixel) > 0.25 &&
        green(pixel) - blue(pixel) <= 0.15 * (red(pixel) - green(pixel)) &&
        skin < 0.4

    /** Checks the conditions of step 4. */
    private fun isPupil(patch: Patch, faceWidth: Double, x: Double, y: Double): Boolean {
        val area = patch.pixels.size.toDouble()
        val shorter = minOf(patch.height, patch.width)
        val longer = maxOf(patch.height, patch.width)
        return patch.top > 0 &&
            patch.left > 0 &&
            patch.bottom < rows - 1 &&
            patch.right < columns - 1 &&
            area >= maxOf(6.0, 0.012 * faceWidth * (0.012 * faceWidth)) &&
            area <= PI * (0.07 * faceWidth * (0.07 * faceWidth)) &&
            hypot(patch.centerX + 0.5 - x, patch.centerY + 0.5 - y) <= 0.07 * faceWidth &&
            area >= 0.3 * patch.height * patch.width &&
            longer <= 2.6 * shorter
    }

    /**
     * Returns the patches of red pixels, joined by their sides, in the order of their first pixels.
     */
    private fun patches(): List<Patch> {
        val left = BooleanArray(pixels.size) { isRed(it) }
        return pixels.indices.filter { left[it] }.mapNotNull { start ->
            if (left[start]) Patch(grown(start, left), columns) else null
        }
    }

    private fun grown(start: Int, left: BooleanArray): List<Int> {
        val patch = mutableListOf(start)
        left[start] = false
        var next = 0
        while (next < patch.size) {
            val pixel = patch[next++]
            for (beside in neighbors(pixel)) {
                if (left[beside]) {
                    left[beside] = false
                    patch += beside
                }
            }
        }
        return patch
    }

    private fun neighbors(pixel: Int): List<Int> {
        val column = pixel % columns
        return listOfNotNull(
            (pixel - columns).takeIf { it >= 0 },
            (pixel + columns).takeIf { it < pixels.size },
            (pixel - 1).takeIf { column > 0 },
            (pixel + 1).takeIf { column < columns - 1 },
        )
    }

    private fun red(pixel: Int) = channel(pixel, RED)

    private fun green(pixel: Int) = channel(pixel, GREEN)

    private fun blue(pixel: Int) = channel(pixel, BLUE)

    private fun channel(pixel: Int, shift: Int) = (pixels[pixel] shr shift and 0xFF) / WHITE.toDouble()
}

/** Connected pixels of an eye's window. */
private class Patch(val pixels: List<Int>, columns: Int) {
    val top = pixels.minOf { it / columns }
    val bottom = pixels.maxOf { it / columns }
    val left = pixels.minOf { it % columns }
    val right = pixels.maxOf { it % columns }
    val height = bottom - top + 1
    val width = right - left + 1
    val centerX = pixels.sumOf { it % columns } / pixels.size.toDouble()
    val centerY = pixels.sumOf { it / columns } / pixels.size.toDouble()
}

/** Returns the median, or the upper of the two middle values. */
private fun median(values: DoubleArray): Double = values.sortedArray()[values.size / 2]

private const val REACH = 0.17
private const val SMALLEST_WINDOW = 5
private const val WHITE = 255f
private const val ALPHA = 0xFF shl 24
private const val RED = 16
private const val GREEN = 8
private const val BLUE = 0
