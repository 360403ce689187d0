package org.kerasf2a.core

/**
 * Determines what a generator does to photographs, from a small copy that fits its input size.
 *
 * With a face finder, rules decide how the generator's light is applied. Otherwise the correction
 * is the generator's own.
 *
 * @param engine the generator; stays open, and may serve other correctors, one call at a time.
 */
class Corrector
internal constructor(private val engine: Engine, private val faceFinder: FaceFinder?) {
    /** @param faceNetwork finds faces for the rules of light; stays open; null for no rules. */
    constructor(
        engine: Engine,
        faceNetwork: FaceNetwork? = null,
    ) : this(engine, faceNetwork?.let { BlazeFace(it) })

    /**
     * Runs the generator on a small copy of a photograph.
     *
     * @param photo the photograph, upright; it stays unchanged.
     * @param monitor receives the progress; the network itself cannot be interrupted.
     * @return an analysis that derives the correction of the full-size pixels from the output.
     * @throws PhotoError.ModelFailed if the generator does not run or does not return an image.
     * @throws java.util.concurrent.CancellationException if the monitor requests it.
     */
    fun analyze(photo: PhotoBuffer, monitor: Monitor = Monitor.None): GeneratorAnalysis {
        val plan = WorkingCopy.of(photo.height, photo.width, engine.height, engine.width)
        val small = shrink(photo, plan.height, plan.width, monitor.part(0f, SHRUNK))
        val output = plan.outOfFrame(runNetwork(plan.intoFrame(small)))
        monitor.stopIfCancelled()
        monitor.progress(NETWORK_DONE)
        val read = GeneratorAnalysis(small, output, faceFinder?.find(small))
        monitor.stopIfCancelled()
        monitor.progress(1f)
        return read
    }

    private fun runNetwork(frame: RgbImage): RgbImage {
        val output = engine.run(frame.values)
        if (output.size != frame.values.size) {
            throw PhotoError.ModelFailed("${output.size} values from ${frame.values.size}")
        }
        if (output.any { it.isNaN() || it.isInfinite() }) {
            throw PhotoError.ModelFailed("the model's output has NaN or infinite values")
        }
        val limited = FloatArray(output.size) { minOf(maxOf(output[it], 0f), 1f) }
        return RgbImage(frame.height, frame.width, limited)
    }
}

private const val SHRUNK = 0.2f
private const val NETWORK_DONE = 0.9f
