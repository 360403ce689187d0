package org.kerasf2a.demo

import android.content.res.Resources
import org.kerasf2a.core.PhotoError
import org.kerasf2a.demo.engine.ModelMissing

/** Explains an error in the user's language, and what may help. */
fun describe(error: Throwable, resources: Resources): String = when (error) {
    is PhotoError -> describePhotoError(error, resources)
    is ModelMissing -> resources.getString(R.string.error_model_missing)
    else -> resources.getString(R.string.error_unknown, error.message ?: error.javaClass.simpleName)
}

private fun describePhotoError(error: PhotoError, resources: Resources): String = when (error) {
    is PhotoError.TooSmall ->
        resources.getString(
            R.string.error_too_small,
            error.width,
            error.height,
            error.smallestSide,
        )
    is PhotoError.TooLarge -> {
        val megapixels = error.width.toDouble() * error.height / MILLION
        val fitting = error.fittingPixels / MILLION
        resources.getString(R.string.error_too_large, megapixels, fitting)
    }
    is PhotoError.NotAPhoto -> resources.getString(R.string.error_not_a_photo)
    is PhotoError.Damaged -> resources.getString(R.string.error_damaged)
    is PhotoError.Unreadable -> resources.getString(R.string.error_unreadable)
    is PhotoError.OutOfMemory -> resources.getString(R.string.error_out_of_memory)
    is PhotoError.ModelFailed -> resources.getString(R.string.error_model_failed, error.reason)
    is PhotoError.Unwritable -> resources.getString(R.string.error_unwritable)
}

private const val MILLION = 1e6
