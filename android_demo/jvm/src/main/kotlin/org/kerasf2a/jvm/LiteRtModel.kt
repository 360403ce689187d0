package org.kerasf2a.jvm

import com.sun.jna.Memory
import com.sun.jna.Pointer

/**
 * A network in a `.tflite` file that runs on the CPU through LiteRT's C API. Its inputs and outputs
 * are float32 with fixed sizes.
 *
 * @param library path of libLiteRt.so.
 * @param file path of the model.
 * @param signature the name of the signature; null for the first one.
 */
internal class LiteRtModel(library: String, file: String, signature: String? = null) : AutoCloseable {
    private val litert = LiteRt(library)
    private val environment = litert.create("LiteRtCreateEnvironment", 0, null)
    private val model = litert.create("LiteRtCreateModelFromFile", environment, file)
    private val index: Long

    /** The inputs of the signature. */
    val inputs: List<Tensor>

    /** The outputs of the signature. */
    val outputs: List<Tensor>

    private val options = litert.create("LiteRtCreateOptions")
    private val compiled: Pointer
    private val inputBuffers: List<Pointer>
    private val outputBuffers: List<Pointer>

    init {
        val names = signatureNames(litert, model)
        val position = if (signature == null) 0 else names.indexOf(signature)
        require(position >= 0) { "$file cannot be asked for $signature, only for $names" }
        index = position.toLong()
        inputs = tensors("Input")
        outputs = tensors("Output")
        litert.call("LiteRtSetOptionsHardwareAccelerators", options, LiteRt.CPU)
        compiled = litert.create("LiteRtCreateCompiledModel", environment, model, options)
        inputBuffers = buffers("Input", inputs)
        outputBuffers = buffers("Output", outputs)
    }

    /**
     * Runs the network. Takes the values of each input in order, and returns those of each output.
     */
    fun run(values: List<FloatArray>): List<FloatArray> {
        require(values.map { it.size } == inputs.map { it.count }) { "other numbers than its inputs hold" }
        for ((buffer, numbers) in inputBuffers.zip(values)) {
            litert.withLock(buffer, LiteRt.WRITE) { it.write(0, numbers, 0, numbers.size) }
        }
        val given = LiteRt.arrayOf(inputBuffers)
        val found = LiteRt.arrayOf(outputBuffers)
        val counts = listOf(inputs.size.toLong(), outputs.size.toLong())
        litert.call("LiteRtRunCompiledModel", compiled, index, counts[0], given, counts[1], found)
        return outputs.zip(outputBuffers) { tensor, buffer ->
            FloatArray(tensor.count).also { result ->
                litert.withLock(buffer, LiteRt.READ) { it.read(0, result, 0, result.size) }
            }
        }
    }

    override fun close() {
        for (buffer in outputBuffers + inputBuffers) litert.destroy("LiteRtDestroyTensorBuffer", buffer)
        litert.destroy("LiteRtDestroyCompiledModel", compiled)
        litert.destroy("LiteRtDestroyOptions", options)
        litert.destroy("LiteRtDestroyModel", model)
        litert.destroy("LiteRtDestroyEnvironment", environment)
    }

    private fun tensors(side: String): List<Tensor> {
        val signature = litert.create("LiteRtGetModelSignature", model, index)
        return List(litert.count("LiteRtGetNumSignature${side}s", signature)) {
            val name = litert.create("LiteRtGetSignature${side}Name", signature, it.toLong())
            val tensor = litert.create("LiteRtGetSignature${side}TensorByIndex", signature, it.toLong())
            val type = Memory(TYPE_BYTES)
            litert.call("LiteRtGetRankedTensorType", tensor, type)
            val shape = type.getIntArray(DIMENSIONS, type.getInt(4) and RANK_BITS).toList()
            require(type.getInt(0) == LiteRt.FLOAT32 && shape.all { length -> length > 0 }) {
                "the model's ${side.lowercase()} $it is not float32 of a fixed size"
            }
            Tensor(name.getString(0), shape, type)
        }
    }

    /** Creates the buffers that the model requires for its inputs or outputs. */
    private fun buffers(side: String, tensors: List<Tensor>): List<Pointer> = tensors.indices.map {
        val wanted = "LiteRtGetCompiledModel${side}BufferRequirements"
        val requirements = litert.create(wanted, compiled, index, it.toLong())
        val create = "LiteRtCreateManagedTensorBufferFromRequirements"
        litert.create(create, environment, tensors[it].type, requirements)
    }

    /**
     * An input or output.
     *
     * @property name its name in the signature.
     * @property shape its dimensions.
     * @property type LiteRT's description of it.
     */
    class Tensor internal constructor(val name: String, val shape: List<Int>, internal val type: Memory) {
        /** The number of its elements. */
        val count: Int = shape.fold(1) { product, side -> product * side }
    }

    companion object {
        /** Element type, rank, eight dimensions and eight strides, 32 bits each. */
        private const val TYPE_BYTES = 72L
        private const val DIMENSIONS = 8L

        /** The rank shares its 32 bits with a flag. */
        private const val RANK_BITS = 0x7F

        /** Returns the names of a model's signatures. */
        fun signatureNames(library: String, file: String): List<String> {
            val litert = LiteRt(library)
            val environment = litert.create("LiteRtCreateEnvironment", 0, null)
            val model = litert.create("LiteRtCreateModelFromFile", environment, file)
            return signatureNames(litert, model).also {
                litert.destroy("LiteRtDestroyModel", model)
                litert.destroy("LiteRtDestroyEnvironment", environment)
            }
        }

        private fun signatureNames(litert: LiteRt, model: Pointer): List<String> =
            List(litert.count("LiteRtGetNumModelSignatures", model)) {
                val signature = litert.create("LiteRtGetModelSignature", model, it.toLong())
                litert.create("LiteRtGetSignatureKey", signature).getString(0)
            }
    }
}
