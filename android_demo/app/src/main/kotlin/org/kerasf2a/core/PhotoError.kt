package org.kerasf2a.core

/**
 * What can be wrong with a photograph or a model, as data. The app has the messages in the user's
 * language.
 */
sealed class PhotoError(cause: Throwable? = null) : Exception(cause) {
    /** The photograph has fewer than [smallestSide] rows or columns. */
    class TooSmall(val width: Int, val height: Int, val smallestSide: Int) : PhotoError()

    /**
     * The photograph does not fit into memory, not even decoded at the smallest size.
     *
     * @property fittingPixels the most pixels that the stored photograph may have.
     */
    class TooLarge(val width: Int, val height: Int, val fittingPixels: Long) : PhotoError()

    /** The file does not hold a photograph in a supported format. */
    class NotAPhoto(cause: Throwable? = null) : PhotoError(cause)

    /** The file begins like a photograph but cannot be decoded completely. */
    class Damaged(cause: Throwable? = null) : PhotoError(cause)

    /** The file cannot be opened: it is gone, or the app lacks permission to read it. */
    class Unreadable(cause: Throwable? = null) : PhotoError(cause)

    /** Memory ran out, although the photograph should have fit. */
    class OutOfMemory(cause: Throwable? = null) : PhotoError(cause)

    /** The model does not run, or does not return an image. */
    class ModelFailed(val reason: String, cause: Throwable? = null) : PhotoError(cause)

    /** The result cannot be written. */
    class Unwritable(cause: Throwable? = null) : PhotoError(cause)

    override val message: String
        get() =
            when (this) {
                is TooSmall -> "$width x $height pixels, each side needs $smallestSide"
                is TooLarge -> "$width x $height pixels, $fittingPixels fit"
                is ModelFailed -> reason
                else -> cause?.message ?: javaClass.simpleName
            }
}
