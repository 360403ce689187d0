package org.kerasf2a.demo

import android.graphics.Bitmap
import org.kerasf2a.core.Correction
import org.kerasf2a.core.Corrector
import org.kerasf2a.core.Engine
import org.kerasf2a.core.Generator
import org.kerasf2a.core.Monitor
import org.kerasf2a.core.PhotoBuffer
import org.kerasf2a.core.part
import org.kerasf2a.demo.photo.BitmapPhoto
import org.kerasf2a.demo.photo.PhotoDecoder
import org.kerasf2a.demo.photo.PhotoWriter
import org.kerasf2a.demo.photo.Preview
import org.kerasf2a.demo.photo.StoredPhoto
import org.kerasf2a.demo.photo.WrittenPhoto
import org.kerasf2a.demo.photo.inOwnColours
import java.io.File

/**
 * A photograph that the network has seen: what it does to it, and the preview. The photograph itself
 * is on the disk and takes no memory until it is saved.
 */
class OpenedPhoto(
    val stored: StoredPhoto,
    val correction: Correction,
    val preview: Preview,
    val summary: Summary,
)

/** The work on one photograph, for a background thread. */
class CorrectionTask(private val decoder: PhotoDecoder, private val writer: PhotoWriter) {
    /**
     * Lets the network see a photograph.
     *
     * @param previewSide about how many pixels the preview's longer side shall have.
     * @throws org.kerasf2a.core.PhotoError what is wrong with the file, or with the model.
     */
    fun open(file: File, generator: Generator, previewSide: Int, monitor: Monitor): OpenedPhoto {
        val start = System.nanoTime()
        val stored = decoder.inspect(file)
        val (analysed, pixels) =
            decoder.decode(stored).use { bitmap ->
                val pixels = upright(bitmap, stored)
                Pair(bitmap.inOwnColours { analysed(pixels, generator, monitor) }, pixels)
            }
        val (correction, timed) = analysed
        val preview =
            decoder.decodePreview(stored, previewSide).use { bitmap ->
                Preview(bitmap, stored.orientation, correction)
            }
        val summary = summaryOf(stored, pixels, timed, secondsSince(start))
        return OpenedPhoto(stored, correction, preview, summary)
    }

    /** Corrects a photograph at full size and writes it; the caller deletes the file. */
    fun write(photo: OpenedPhoto, adjustment: Adjustment, monitor: Monitor): WrittenPhoto =
        decoder.decode(photo.stored).use { bitmap ->
            val pixels = upright(bitmap, photo.stored)
            bitmap.inOwnColours {
                photo.correction.apply(
                    pixels,
                    pixels,
                    adjustment.strength,
                    adjustment.tone,
                    monitor.part(0f, APPLIED),
                )
            }
            writer.write(bitmap, photo.stored)
        }

    private fun analysed(
        pixels: PhotoBuffer,
        generator: Generator,
        monitor: Monitor,
    ): Pair<Correction, TimedEngine> {
        val engine = TimedEngine(generator.engineFor(pixels.height, pixels.width))
        return Pair(Corrector(engine, generator.faceNetwork).analyse(pixels, monitor), engine)
    }

    private fun upright(bitmap: Bitmap, photo: StoredPhoto) = photo.orientation.upright(BitmapPhoto(bitmap))

    private fun summaryOf(
        photo: StoredPhoto,
        pixels: PhotoBuffer,
        engine: TimedEngine,
        seconds: Float,
    ): Summary {
        val width = photo.orientation.uprightWidth(photo.width, photo.height)
        val height = photo.orientation.uprightHeight(photo.width, photo.height)
        return Summary(
            accelerator = engine.description,
            networkSeconds = engine.seconds,
            totalSeconds = seconds,
            // Decoders round a reduced size as they like.
            width = pixels.width,
            height = pixels.height,
            reducedFrom = if (photo.sampleSize > 1) Pair(width, height) else null,
        )
    }

    private companion object {
        // Writing the file takes about as long as a fifth of the whole.
        const val APPLIED = 0.8f
    }
}

/** Measures how long the network itself takes. */
private class TimedEngine(private val engine: Engine) : Engine by engine {
    var seconds = 0f
        private set

    override fun run(image: FloatArray): FloatArray {
        val start = System.nanoTime()
        return engine.run(image).also { seconds = secondsSince(start) }
    }
}

private fun secondsSince(start: Long) = (System.nanoTime() - start) / 1e9f

private inline fun <Result> Bitmap.use(work: (Bitmap) -> Result): Result = try {
    work(this)
} finally {
    recycle()
}
