package org.kerasf2a.core

/**
 * A model that is ready to correct photographs, with what lies beside it.
 *
 * @param first the engine of the model itself.
 * @param openSibling opens the same network's engine for photographs of the other orientation, when
 *   it is first needed; null if there is none, or the model is for square images.
 * @property faceNetwork finds faces for the rules of light; null if they do not hold, as for a model
 *   of the user's own.
 */
class Generator(
    private val first: Network,
    private val openSibling: (() -> Network)? = null,
    val faceNetwork: FaceNetwork? = null,
) : AutoCloseable {
    private var sibling: Network? = null

    /** Returns the engine for a photograph of this many rows and columns: the one of its orientation. */
    fun engineFor(height: Int, width: Int): Network {
        val isOther = (height - width).toLong() * (first.height - first.width) < 0
        if (openSibling == null || !isOther) return first
        return sibling ?: openSibling.invoke().also { sibling = it }
    }

    override fun close() {
        faceNetwork?.close()
        sibling?.close()
        first.close()
    }
}
