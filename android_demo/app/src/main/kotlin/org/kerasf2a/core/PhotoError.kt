package org.kerasf2a.core

/**
 * What can be wrong with a photograph or a model, as data: the words for it, in the user's
 * language, are the app's.
 */
sealed class PhotoError(cause: Throwable? = null) : Exception(cause) {
    /** The photograph has fewer than [smallestSide] rows or columns. */
    class TooSmall(val width: Int, val height: Int, val smallestSide: Int) : PhotoError()

    /**
     * The photograph does not fit into memory, not even decoded at the smallest size.
     *
     * @property fittingPixels how many pixels the stored photograph may have at most.
     */
    class TooLarge(val width: Int, val height: Int, val fittingPixels: Long) : PhotoError()

    /** The file holds no photograph of a kind that can be decoded. */
    class NotAPhoto(cause: Throwable? = null) : PhotoError(cause)

    /** The file begins like a photograph and cannot be decoded to its end. */
    class Damaged(cause: Throwable? = null) : PhotoError(cause)

    /** The file cannot be opened: it is gone, or the app may not read it. */
    class Unreadable(cause: Throwable? = null) : PhotoError(cause)

    /** Memory ran out on the way, although the photograph should have fitted. */
    class OutOfMemory(cause: Throwable? = null) : PhotoError(cause)

    /** The model does not run, or what it returns is no image. */
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
