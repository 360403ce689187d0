package org.kerasf2a.demo.engine

import android.content.res.AssetManager
import java.io.FileInputStream
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel

/** The app was built without a model, or the build compressed it. */
class ModelMissing(cause: Throwable) : Exception(cause)

/**
 * The networks in the installed app, memory-mapped, so that they take no memory of their own.
 * `keras-f2a export --android` puts them there.
 *
 * @property model the generator or the network for placed light.
 * @property sibling the same network for photographs of the other orientation; null if there is
 *   none.
 * @property faces the face detector; null for a model that does not follow the rules of light.
 */
class ModelAssets private constructor(
    val model: ByteBuffer,
    val sibling: ByteBuffer?,
    val faces: ByteBuffer?,
) {
    companion object {
        /** @throws ModelMissing if there is no model, or a network cannot be mapped. */
        fun map(assets: AssetManager): ModelAssets = try {
            ModelAssets(
                mapAsset(assets, MODEL),
                mapIfThere(assets, SIBLING),
                mapIfThere(assets, FACES),
            )
        } catch (error: IOException) {
            throw ModelMissing(error)
        }

        private fun mapIfThere(assets: AssetManager, name: String): ByteBuffer? =
            if (assets.list("").orEmpty().contains(name)) mapAsset(assets, name) else null

        private fun mapAsset(assets: AssetManager, name: String): ByteBuffer =
            assets.openFd(name).use { asset ->
                FileInputStream(asset.fileDescriptor).channel.use { channel ->
                    val mode = FileChannel.MapMode.READ_ONLY
                    channel.map(mode, asset.startOffset, asset.declaredLength)
                }
            }

        private const val MODEL = "model.tflite"
        private const val SIBLING = "sibling.tflite"
        private const val FACES = "faces.tflite"
    }
}
