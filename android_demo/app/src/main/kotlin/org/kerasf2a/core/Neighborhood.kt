package org.kerasf2a.core

/**
 * Returns the mean over the 3x3 window of every pixel. Edge pixels are repeated outside the image.
 */
internal fun windowMean(image: RgbImage): RgbImage {
    val rows = filteredDown(image, center = 1f, divisor = 1f)
    return filteredAcross(rows, center = 1f, divisor = 9f)
}

/** Returns the image blurred by [1 6 1] / 8 down and across, with edge pixels repeated outside. */
internal fun blur(image: RgbImage): RgbImage {
    val rows = filteredDown(image, center = 6f, divisor = 8f)
    return filteredAcross(rows, center = 6f, divisor = 8f)
}

/**
 * (above + center * itself + below) / divisor, summed in the same order as in the Python package.
 */
private fun filteredDown(image: RgbImage, center: Float, divisor: Float): RgbImage {
    val result = RgbImage(image.height, image.width)
    for (row in 0 until image.height) {
        val here = image.position(row, 0)
        val above = image.position(maxOf(row - 1, 0), 0)
        val below = image.position(minOf(row + 1, image.height - 1), 0)
        for (index in 0 until image.width * CHANNELS) {
            val sum = image.values[above + index] + center * image.values[here + index]
            result.values[here + index] = (sum + image.values[below + index]) / divisor
        }
    }
    return result
}

/** (left + center * itself + right) / divisor, summed in this order. */
private fun filteredAcross(image: RgbImage, center: Float, divisor: Float): RgbImage {
    val result = RgbImage(image.height, image.width)
    for (row in 0 until image.height) {
        for (column in 0 until image.width) {
            val here = image.position(row, column)
            val left = image.position(row, maxOf(column - 1, 0))
            val right = image.position(row, minOf(column + 1, image.width - 1))
            for (channel in 0 until CHANNELS) {
                val sum = image.values[left + channel] + center * image.values[here + channel]
                result.values[here + channel] = (sum + image.values[right + channel]) / divisor
            }
        }
    }
    return result
}
