package org.kerasf2a.demo.engine

import android.content.res.AssetManager
import java.io.FileInputStream
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel

/** The app was built without its model, or with one that the build compressed. */
class ModelMissing(cause: Throwable) : Exception(cause)

/**
 * The model as it lies in the installed app: its pages are read when they are needed and need no
 * memory of their own.
 *
 * @throws ModelMissing if there is no model to map.
 */
fun mapModel(assets: AssetManager): ByteBuffer =
    try {
        assets.openFd(MODEL_ASSET).use { asset ->
            FileInputStream(asset.fileDescriptor).channel.use { channel ->
                channel.map(FileChannel.MapMode.READ_ONLY, asset.startOffset, asset.declaredLength)
            }
        }
    } catch (error: IOException) {
        throw ModelMissing(error)
    }

private const val MODEL_ASSET = "model.tflite"
