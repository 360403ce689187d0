package org.kerasf2a.demo

import android.graphics.Bitmap
import org.kerasf2a.core.Generator
import org.kerasf2a.core.Monitor
import org.kerasf2a.core.PhotoBuffer
import org.kerasf2a.core.analyze
import org.kerasf2a.core.part
import org.kerasf2a.demo.photo.PhotoDecoder
import org.kerasf2a.demo.photo.PhotoWriter
import org.kerasf2a.demo.photo.Preview
import org.kerasf2a.demo.photo.StoredPhoto
import org.kerasf2a.demo.photo.WrittenPhoto
import org.kerasf2a.demo.photo.inOwnColors
import org.kerasf2a.demo.photo.pixelsOf
import java.io.File

/** Opens and writes one photograph on a background thread. */
class CorrectionTask(private val decoder: PhotoDecoder, private val writer: PhotoWriter) {
    /**
     * Runs the network on a photograph.
     *
     * @param adjustment the initial adjustment.
     * @param previewSide approximate length of the preview's longer side in pixels.
     * @throws org.kerasf2a.core.PhotoError if the file or the model is faulty.
     */
    fun open(
        file: File,
        generator: Generator,
        adjustment: Adjustment,
        previewSide: Int,
        monitor: Monitor,
    ): OpenedPhoto {
        val start = System.nanoTime()
        val stored = decoder.inspect(file)
        val (analyzed, pixels) =
            decoder.decode(stored).use { bitmap ->
                val pixels = upright(bitmap, stored)
                Pair(bitmap.inOwnColors { analyze(pixels, stored, generator, adjustment, monitor) }, pixels)
            }
        val (analysis, time) = analyzed
        val preview = decoder.decodePreview(stored, previewSide).use { Preview(it, stored) }
        val summary = summaryOf(stored, pixels, time, secondsSince(start))
        return OpenedPhoto(stored, analysis, preview, summary)
    }

    /** Corrects a photograph at full size and writes it to a file, which the caller deletes. */
    fun write(photo: OpenedPhoto, adjustment: Adjustment, monitor: Monitor): WrittenPhoto =
        decoder.decode(photo.stored).use { bitmap ->
            val pixels = upright(bitmap, photo.stored)
            bitmap.inOwnColors {
                photo.correctionFor(adjustment).apply(
                    pixels,
                    pixels,
                    adjustment.strength,
                    adjustment.tone,
                    monitor.part(0f, APPLIED),
                )
            }
            writer.write(bitmap, photo.stored)
        }

    private fun analyze(
        pixels: PhotoBuffer,
        photo: StoredPhoto,
        generator: Generator,
        adjustment: Adjustment,
        monitor: Monitor,
    ): Pair<LitAnalysis, NetworkTime> {
        val network = generator.engineFor(pixels.height, pixels.width)
        val time = NetworkTime(network.description)
        val faces = generator.faceNetwork
        val analysis = time.of(network).analyze(pixels, faces, monitor, photo.flashFired)
        return Pair(LitAnalysis(analysis, adjustment), time)
    }

    private fun upright(bitmap: Bitmap, photo: StoredPhoto) =
        photo.orientation.upright(photo.pixelsOf(bitmap))

    private fun summaryOf(
        photo: StoredPhoto,
        pixels: PhotoBuffer,
        time: NetworkTime,
        seconds: Float,
    ): Summary {
        val width = photo.orientation.uprightWidth(photo.width, photo.height)
        val height = photo.orientation.uprightHeight(photo.width, photo.height)
        return Summary(
            accelerator = time.description,
            networkSeconds = time.seconds,
            totalSeconds = seconds,
            // Decoders differ in how they round a reduced size.
            width = pixels.width,
            height = pixels.height,
            reducedFrom = if (photo.sampleSize > 1) Pair(width, height) else null,
        )
    }

    private companion object {
        // Writing the file takes about a fifth of the total time.
        const val APPLIED = 0.8f
    }
}

private inline fun <Result> Bitmap.use(work: (Bitmap) -> Result): Result = try {
    work(this)
} finally {
    recycle()
}
