package org.kerasf2a.core

import kotlin.math.floor
import kotlin.math.ln

/**
 * A face in an image, in pixels from the top left corner.
 *
 * @property centerX column of the box's center.
 * @property centerY row of the box's center.
 * @property width of the box.
 * @property height of the box.
 * @property eyes the detected eyes, the left one in the image first.
 */
internal class Face(
    val centerX: Double,
    val centerY: Double,
    val width: Double,
    val height: Double,
    val eyes: List<Place> = emptyList(),
)

/** A position in an image: its column and its row. */
internal class Place(val x: Double, val y: Double)

/** Finds the faces in a small image. */
internal interface FaceFinder {
    /** Returns the faces in pixels of the image, by decreasing confidence. */
    fun find(image: RgbImage): List<Face>
}

/**
 * Finds faces with BlazeFace. `keras_f2a.correction.faces` in the Python package describes every
 * step.
 *
 * @param network the detector; stays open.
 */
internal class BlazeFace(private val network: FaceNetwork) : FaceFinder {
    override fun find(image: RgbImage): List<Face> {
        val outputs = network.run(faceFrame(image).values)
        if (outputs.points.size != OUTPUTS * NUMBERS || outputs.scores.size != OUTPUTS) {
            throw PhotoError.ModelFailed("the detector of faces is another one")
        }
        return foundFaces(outputs, image.height, image.width)
    }
}

/** Returns the detector's input for an image, in [-1, 1]: step 1. */
internal fun faceFrame(image: RgbImage): RgbImage {
    val side = maxOf(image.height, image.width)
    val down = Array(FaceNetwork.SIDE) { Coverage(it, image.height, side) }
    val across = Array(FaceNetwork.SIDE) { Coverage(it, image.width, side) }
    val frame = RgbImage(FaceNetwork.SIDE, FaceNetwork.SIDE)
    val row = DoubleArray(image.width * CHANNELS)
    for (frameRow in down.indices) {
        row.fill(0.0)
        down[frameRow].forEach { position, share ->
            val start = image.position(position, 0)
            for (index in row.indices) row[index] += share * image.values[start + index]
        }
        for (frameColumn in across.indices) {
            for (channel in 0 until CHANNELS) {
                var mean = 0.0
                across[frameColumn].forEach { position, share ->
                    mean += share * row[position * CHANNELS + channel]
                }
                frame.values[frame.position(frameRow, frameColumn) + channel] =
                    (2 * mean - 1).toFloat()
            }
        }
    }
    return frame
}

/**
 * How much each of [size] positions, centered in a square of [side], fills one pixel of the frame.
 */
private class Coverage(pixel: Int, size: Int, side: Int) {
    private val before = (side - size) / 2
    private val lower = pixel.toDouble() * side / FaceNetwork.SIDE
    private val upper = (pixel + 1.0) * side / FaceNetwork.SIDE
    private val first = maxOf(floor(lower).toInt() - before, 0)
    private val last = minOf(floor(upper).toInt() - before, size - 1)
    private val scale = FaceNetwork.SIDE.toDouble() / side

    /** Calls [use] with each position and the fraction of the pixel that it fills. */
    inline fun forEach(use: (Int, Double) -> Unit) {
        for (position in first..last) {
            val start = position + before
            val covered = minOf(upper, start + 1.0) - maxOf(lower, start.toDouble())
            use(position, maxOf(covered, 0.0) * scale)
        }
    }
}

/** Decodes the detector's outputs for an image of this size: steps 2 to 4. */
internal fun foundFaces(outputs: FaceOutputs, height: Int, width: Int): List<Face> {
    val least = ln(CERTAIN / (1 - CERTAIN))
    val sure = outputs.scores.indices.filter { outputs.scores[it] >= least }
    val kept = mutableListOf<Detection>()
    for (index in sure.sortedByDescending { outputs.scores[it] }) {
        val detection = Detection(outputs.points, index)
        if (kept.all { detection.overlap(it) <= LARGEST_OVERLAP }) kept += detection
    }
    return kept.map { it.inPixels(height, width) }
}

/** One output of the detector, as fractions of its input square. */
private class Detection(points: FloatArray, index: Int) {
    private val pairs =
        Array(NUMBERS / 2) { pair ->
            val at = index * NUMBERS + 2 * pair
            Place(points[at].toDouble() / FaceNetwork.SIDE, points[at + 1].toDouble() / FaceNetwork.SIDE)
        }
    private val cell = cellCenter(index)
    private val center = pairs[0].plus(cell)
    private val size = pairs[1]
    private val area = size.x * size.y

    /** Returns the intersection over union of two boxes. */
    fun overlap(other: Detection): Double {
        val across = overlap(center.x, size.x, other.center.x, other.size.x)
        val shared = across * overlap(center.y, size.y, other.center.y, other.size.y)
        val union = area + other.area - shared
        return if (union > 0) shared / union else 0.0
    }

    fun inPixels(height: Int, width: Int): Face {
        val side = maxOf(height, width)
        val left = (side - width) / 2
        val top = (side - height) / 2
        fun place(share: Place) = Place(eighths(share.x * side - left), eighths(share.y * side - top))
        val middle = place(center)
        val eyes = (FIRST_EYE until FIRST_EYE + EYES).map { place(pairs[it].plus(cell)) }
        return Face(middle.x, middle.y, eighths(size.x * side), eighths(size.y * side), eyes)
    }

    private fun overlap(center: Double, size: Double, otherCenter: Double, otherSize: Double) = maxOf(
        minOf(center + size / 2, otherCenter + otherSize / 2) -
            maxOf(center - size / 2, otherCenter - otherSize / 2),
        0.0,
    )
}

private fun Place.plus(other: Place) = Place(x + other.x, y + other.y)

private fun eighths(value: Double) = floor(value * 8 + 0.5) / 8

/** Returns the center of an output's cell, as fractions of the square. */
private fun cellCenter(index: Int): Place {
    val isFine = index < FINE_OUTPUTS
    val cells = if (isFine) FINE_CELLS else COARSE_CELLS
    val cell = if (isFine) index / FINE_TIMES else (index - FINE_OUTPUTS) / COARSE_TIMES
    return Place((cell % cells + 0.5) / cells, (cell / cells + 0.5) / cells)
}

private const val CERTAIN = 0.8
private const val LARGEST_OVERLAP = 0.3
private const val OUTPUTS = 896
private const val NUMBERS = 16
private const val FINE_CELLS = 16
private const val FINE_TIMES = 2
private const val FINE_OUTPUTS = FINE_CELLS * FINE_CELLS * FINE_TIMES
private const val COARSE_CELLS = 8
private const val COARSE_TIMES = 6
private const val FIRST_EYE = 2
private const val EYES = 2
