package org.kerasf2a.jvm

import com.sun.jna.Memory
import com.sun.jna.Pointer
import org.kerasf2a.core.Engine

/**
 * A generator in a `.tflite` file of one fixed size with float32 input and output, run on the CPU
 * through LiteRT's C API.
 *
 * @param library path of libLiteRt.so.
 * @param file path of the model.
 */
class LiteRtEngine(library: String, file: String) : Engine {
    override val description = "LiteRT on the JVM"

    private val litert = LiteRt(library)
    private val environment = litert.create("LiteRtCreateEnvironment", 0, null)
    private val model = litert.create("LiteRtCreateModelFromFile", environment, file)
    private val inputType = tensorType("Input")
    override val height = dimension(1)
    override val width = dimension(2)

    private val options = litert.create("LiteRtCreateOptions")
    private val compiled: Pointer
    private val input: Pointer
    private val output: Pointer

    init {
        litert.call("LiteRtSetOptionsHardwareAccelerators", options, LiteRt.CPU)
        compiled = litert.create("LiteRtCreateCompiledModel", environment, model, options)
        input = tensorBuffer("Input", inputType)
        output = tensorBuffer("Output", tensorType("Output"))
    }

    override fun run(image: FloatArray): FloatArray {
        require(image.size == height * width * 3) { "${image.size} values are no image" }
        litert.locked(input, LiteRt.WRITE) { it.write(0, image, 0, image.size) }
        val inputs = LiteRt.arrayOfOne(input)
        val outputs = LiteRt.arrayOfOne(output)
        litert.call("LiteRtRunCompiledModel", compiled, 0L, 1L, inputs, 1L, outputs)
        val result = FloatArray(image.size)
        litert.locked(output, LiteRt.READ) { it.read(0, result, 0, result.size) }
        return result
    }

    override fun close() {
        litert.destroy("LiteRtDestroyTensorBuffer", output)
        litert.destroy("LiteRtDestroyTensorBuffer", input)
        litert.destroy("LiteRtDestroyCompiledModel", compiled)
        litert.destroy("LiteRtDestroyOptions", options)
        litert.destroy("LiteRtDestroyModel", model)
        litert.destroy("LiteRtDestroyEnvironment", environment)
    }

    /** Reads the LiteRtRankedTensorType of the only input or output; checks that it is an image. */
    private fun tensorType(side: String): Memory {
        val graph = litert.create("LiteRtGetModelSubgraph", model, 0L)
        val tensor = litert.create("LiteRtGetSubgraph$side", graph, 0L)
        val type = Memory(TYPE_BYTES)
        litert.call("LiteRtGetRankedTensorType", tensor, type)
        val isImage = type.getInt(0) == LiteRt.FLOAT32 && type.getInt(4) and RANK_BITS == 4
        val sizes = type.getIntArray(DIMENSIONS, 4)
        require(isImage && sizes[0] == 1 && sizes[3] == 3 && sizes.all { it > 0 }) {
            "the model's ${side.lowercase()} is not one float32 RGB image of a fixed size"
        }
        return type
    }

    private fun dimension(index: Int) = inputType.getInt(DIMENSIONS + 4L * index)

    /** Makes the buffer that the model wants for its only input or output. */
    private fun tensorBuffer(side: String, type: Memory): Pointer {
        val wanted = "LiteRtGetCompiledModel${side}BufferRequirements"
        val requirements = litert.create(wanted, compiled, 0L, 0L)
        val create = "LiteRtCreateManagedTensorBufferFromRequirements"
        return litert.create(create, environment, type, requirements)
    }

    private companion object {
        /** Element type, rank, eight dimensions and eight strides, 32 bits each. */
        const val TYPE_BYTES = 72L
        const val DIMENSIONS = 8L

        /** The rank shares its 32 bits with a flag. */
        const val RANK_BITS = 0x7F
    }
}
