package org.kerasf2a.demo.engine

import org.kerasf2a.core.Engine
import org.kerasf2a.core.PhotoError
import kotlin.math.abs

/** What came out when the GPU was tried, and so whether it is used. */
enum class GpuVerdict { USED, UNSUPPORTED, CRASHED, FAILED, DIFFERENT, SLOWER }

/**
 * Lets the GPU and the CPU correct the same image and compares results and times: a GPU computes with
 * fewer bits, and drivers have errors, so it has to show that it can be trusted with this model.
 *
 * @param now nanoseconds of a clock.
 */
class GpuTrial(private val now: () -> Long = System::nanoTime) {
    /**
     * Runs both and says what came out. Neither engine is closed.
     *
     * The GPU corrects two images in turn, ten times: some are right only the first time, and some then
     * return the output of another image (LiteRT issue 8065).
     */
    fun compare(cpu: Engine, gpu: Engine): GpuVerdict {
        val image = testImage(cpu.height, cpu.width)
        val images = listOf(image, FloatArray(image.size) { 1 - image[it] })
        return try {
            val expected = images.map { cpu.run(it) }
            val cpuTime = time { cpu.run(image) }
            var gpuTime = Long.MAX_VALUE
            for (run in 0 until TRIAL_RUNS) {
                val which = run % images.size
                var actual = FloatArray(0)
                gpuTime = minOf(gpuTime, time { actual = gpu.run(images[which]) })
                if (!agree(expected[which], actual)) return GpuVerdict.DIFFERENT
                if (run + 1 >= SPEED_RUNS && gpuTime >= cpuTime) return GpuVerdict.SLOWER
            }
            GpuVerdict.USED
        } catch (_: PhotoError.ModelFailed) {
            GpuVerdict.FAILED
        }
    }

    private fun time(run: () -> Unit): Long {
        val start = now()
        run()
        return now() - start
    }

    private companion object {
        const val TRIAL_RUNS = 10
        const val SPEED_RUNS = 3
    }
}

/** Whether two outputs, in [0, 1], are the same image but for what fewer bits may change. */
internal fun agree(expected: FloatArray, actual: FloatArray): Boolean {
    if (expected.size != actual.size || actual.any { it.isNaN() }) return false
    var sum = 0.0
    var largest = 0f
    for (index in expected.indices) {
        val difference = abs(expected[index] - actual[index])
        sum += difference
        largest = maxOf(largest, difference)
    }
    return sum / expected.size <= LARGEST_MEAN_DIFFERENCE && largest <= LARGEST_DIFFERENCE
}

/** Smooth colors with edges: something of all that a photograph has, always the same. */
internal fun testImage(height: Int, width: Int): FloatArray {
    val image = FloatArray(height * width * 3)
    var index = 0
    for (row in 0 until height) {
        for (column in 0 until width) {
            val tile = if ((row / 16 + column / 16) % 2 == 0) 0.25f else 0f
            image[index++] = 0.75f * column / width + tile
            image[index++] = 0.75f * row / height + tile
            image[index++] = 0.75f * (1 - column.toFloat() / width) + tile
        }
    }
    return image
}

// 2.5 gray levels on average, and 38 at a single value, as at an edge of an int8 model.
private const val LARGEST_MEAN_DIFFERENCE = 0.01
private const val LARGEST_DIFFERENCE = 0.15f
