package org.kerasf2a.core

/**
 * A model that is ready to correct photographs, with its companion networks.
 *
 * @param first the engine of the model itself.
 * @param openSibling opens the network's engine for photographs of the other orientation on first
 *   use; null if there is none, or if the model takes square images.
 * @property faceNetwork finds faces for the rules of light; null if they do not apply, as with a
 *   user's own model.
 */
class Generator(
    private val first: Network,
    private val openSibling: (() -> Network)? = null,
    val faceNetwork: FaceNetwork? = null,
) : AutoCloseable {
    private var sibling: Network? = null

    /** Returns the engine for the orientation of a photograph of this size. */
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
