package org.kerasf2a.demo.engine

import org.kerasf2a.core.Engine
import org.kerasf2a.core.PhotoError
import kotlin.math.abs

/** The outcome of the GPU trial, which decides whether the GPU is used. */
enum class GpuVerdict { USED, UNSUPPORTED, CRASHED, FAILED, DIFFERENT, SLOWER }

/**
 * Corrects the same images on the GPU and on the CPU, and compares results and times. GPUs compute
 * with lower precision, and their drivers have bugs, so a GPU has to prove itself with this model.
 *
 * @param now returns the nanoseconds of a clock.
 */
class GpuTrial(private val now: () -> Long = System::nanoTime) {
    /**
     * Runs both engines and returns the verdict. Neither engine is closed.
     *
     * The GPU corrects two alternating images, ten times in total. Some GPUs are right only the
     * first time, and some then return the output of another image (LiteRT issue 8065).
     */
    fun compare(cpu: Engine, gpu: Engine): GpuVerdict {
        val image = testImage(cpu.height, cpu.width)
        val images = listOf(image, FloatArray(image.size) { 1 - image[it] })
        return try {
            val expected = images.map { cpu.run(it) }
            val cpuTime = time { cpu.run(image) }
            var gpuTime = Long.MAX_VALUE
            for (run in 0 until TRIAL_RUNS) {
                val imageIndex = run % images.size
                var actual = FloatArray(0)
                gpuTime = minOf(gpuTime, time { actual = gpu.run(images[imageIndex]) })
                if (!agree(expected[imageIndex], actual)) return GpuVerdict.DIFFERENT
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

/** Returns whether two outputs, in [0, 1], are equal within the error of lower precision. */
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

/**
 * Returns smooth colors with edges: a bit of everything that a photograph has. It is deterministic.
 */
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

// 2.5 gray levels on average, and 38 for a single value, such as at an edge with an int8 model.
private const val LARGEST_MEAN_DIFFERENCE = 0.01
private const val LARGEST_DIFFERENCE = 0.15f
