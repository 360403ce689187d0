package org.kerasf2a.jvm

import com.sun.jna.Memory
import com.sun.jna.Native
import com.sun.jna.NativeLibrary
import com.sun.jna.Pointer
import com.sun.jna.ptr.LongByReference
import com.sun.jna.ptr.PointerByReference

/**
 * Calls functions of LiteRT's C API in `libLiteRt.so` of the Python package ai-edge-litert. Most of
 * them return a status.
 *
 * @param path the library.
 */
internal class LiteRt(path: String) {
    private val library = NativeLibrary.getInstance(path)

    /** Calls a function; throws [IllegalStateException] unless its status is 0. */
    fun call(function: String, vararg arguments: Any?) {
        val status = library.getFunction(function).invokeInt(arguments)
        check(status == 0) { "$function failed with status $status" }
    }

    /** Calls a function that returns a pointer through its last parameter. */
    fun create(function: String, vararg arguments: Any?): Pointer {
        val made = PointerByReference()
        call(function, *arguments, made)
        return made.value
    }

    /** Calls a function that returns a number through its last parameter. */
    fun count(function: String, of: Pointer): Int {
        val number = LongByReference()
        call(function, of, number)
        return number.value.toInt()
    }

    /** Calls a function without a result that frees what [create] returned. */
    fun destroy(function: String, made: Pointer) = library.getFunction(function).invokeVoid(arrayOf(made))

    /** Runs [use] with a tensor buffer's memory, which is valid only during the call. */
    fun withLock(buffer: Pointer, mode: Int, use: (Pointer) -> Unit) {
        val address = PointerByReference()
        call("LiteRtLockTensorBuffer", buffer, address, mode)
        try {
            use(address.value)
        } finally {
            call("LiteRtUnlockTensorBuffer", buffer)
        }
    }

    companion object {
        const val READ = 0
        const val WRITE = 1
        const val CPU = 1
        const val FLOAT32 = 1

        /** Returns memory with an array of pointers. */
        fun arrayOf(elements: List<Pointer>): Memory {
            val array = Memory(Native.POINTER_SIZE.toLong() * elements.size)
            array.write(0, elements.toTypedArray(), 0, elements.size)
            return array
        }
    }
}
