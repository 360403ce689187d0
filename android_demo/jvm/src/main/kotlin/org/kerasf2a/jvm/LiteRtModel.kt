package org.kerasf2a.jvm

import com.sun.jna.Memory
import com.sun.jna.Pointer

/**
 * A network in a `.tflite` file, run on the CPU through LiteRT's C API: one float32 input, and one
 * float32 output or more, all of fixed sizes.
 *
 * @param library path of libLiteRt.so.
 * @param file path of the model.
 * @param outputCount how many outputs it has.
 */
internal class LiteRtModel(library: String, file: String, outputCount: Int) : AutoCloseable {
    private val litert = LiteRt(library)
    private val environment = litert.create("LiteRtCreateEnvironment", 0, null)
    private val model = litert.create("LiteRtCreateModelFromFile", environment, file)
    private val inputType = tensorType("Input", 0)
    private val outputTypes = List(outputCount) { tensorType("Output", it) }

    private val options = litert.create("LiteRtCreateOptions")
    private val compiled: Pointer
    private val input: Pointer
    private val outputs: List<Pointer>

    init {
        litert.call("LiteRtSetOptionsHardwareAccelerators", options, LiteRt.CPU)
        compiled = litert.create("LiteRtCreateCompiledModel", environment, model, options)
        input = tensorBuffer("Input", 0, inputType)
        outputs = outputTypes.indices.map { tensorBuffer("Output", it, outputTypes[it]) }
    }

    /** The sides of the input. */
    val inputShape: List<Int> = shape(inputType)

    /** The sides of each output. */
    val outputShapes: List<List<Int>> = outputTypes.map { shape(it) }

    /** Runs the network on as many numbers as its input holds; returns those of each output. */
    fun run(values: FloatArray): List<FloatArray> {
        require(values.size == count(inputShape)) { "${values.size} values for $inputShape" }
        litert.locked(input, LiteRt.WRITE) { it.write(0, values, 0, values.size) }
        val inputArray = LiteRt.arrayOf(listOf(input))
        val outputArray = LiteRt.arrayOf(outputs)
        val count = outputs.size.toLong()
        litert.call("LiteRtRunCompiledModel", compiled, 0L, 1L, inputArray, count, outputArray)
        return outputs.indices.map { index ->
            FloatArray(count(outputShapes[index])).also { result ->
                litert.locked(outputs[index], LiteRt.READ) { it.read(0, result, 0, result.size) }
            }
        }
    }

    override fun close() {
        for (buffer in outputs + input) litert.destroy("LiteRtDestroyTensorBuffer", buffer)
        litert.destroy("LiteRtDestroyCompiledModel", compiled)
        litert.destroy("LiteRtDestroyOptions", options)
        litert.destroy("LiteRtDestroyModel", model)
        litert.destroy("LiteRtDestroyEnvironment", environment)
    }

    /** Reads the LiteRtRankedTensorType of an input or output; checks that its size is fixed. */
    private fun tensorType(side: String, index: Int): Memory {
        val graph = litert.create("LiteRtGetModelSubgraph", model, 0L)
        val tensor = litert.create("LiteRtGetSubgraph$side", graph, index.toLong())
        val type = Memory(TYPE_BYTES)
        litert.call("LiteRtGetRankedTensorType", tensor, type)
        require(type.getInt(0) == LiteRt.FLOAT32 && shape(type).all { it > 0 }) {
            "the model's ${side.lowercase()} $index is not float32 of a fixed size"
        }
        return type
    }

    private fun shape(type: Memory): List<Int> =
        type.getIntArray(DIMENSIONS, type.getInt(4) and RANK_BITS).toList()

    private fun count(shape: List<Int>) = shape.fold(1) { product, side -> product * side }

    /** Makes the buffer that the model wants for an input or output. */
    private fun tensorBuffer(side: String, index: Int, type: Memory): Pointer {
        val wanted = "LiteRtGetCompiledModel${side}BufferRequirements"
        val requirements = litert.create(wanted, compiled, 0L, index.toLong())
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
