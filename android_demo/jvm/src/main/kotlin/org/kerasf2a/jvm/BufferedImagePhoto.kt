package org.kerasf2a.jvm

import org.kerasf2a.core.PhotoBuffer
import org.kerasf2a.core.PhotoError
import java.awt.image.BufferedImage
import java.io.File
import javax.imageio.ImageIO

/** A photograph in the JVM's image class. An app has an equivalent for its platform's bitmaps. */
class BufferedImagePhoto(private val image: BufferedImage) : PhotoBuffer {
    override val width: Int = image.width
    override val height: Int = image.height

    override fun read(left: Int, top: Int, columns: Int, rows: Int, into: IntArray) {
        image.getRGB(left, top, columns, rows, into, 0, columns)
    }

    override fun write(left: Int, top: Int, columns: Int, rows: Int, from: IntArray) {
        image.setRGB(left, top, columns, rows, from, 0, columns)
    }

    /** Writes the stored pixels to a PNG file. */
    fun writePng(path: String) {
        if (!ImageIO.write(image, "png", File(path))) throw PhotoError.Unwritable()
    }

    companion object {
        /** Reads a PNG or JPEG file, ignoring its EXIF. */
        fun read(path: String): BufferedImagePhoto =
            BufferedImagePhoto(ImageIO.read(File(path)) ?: throw PhotoError.NotAPhoto())
    }
}
