package org.kerasf2a.launch

import android.os.Looper
import dalvik.system.BlockGuard
import java.io.File
import java.security.Permission

/**
 * Reports accesses of the main thread to the app's files to StrictMode. On a phone, Java's own file
 * classes do that. On the JVM, a security manager sees the same calls.
 *
 * @param folder the app's own folder.
 */
@Suppress("DEPRECATION") // Removed after Java 21.
class DiskGuard(folder: File) : SecurityManager() {
    private val path = folder.path

    init {
        System.setSecurityManager(this)
    }

    /** Removes the guard. */
    fun remove() = System.setSecurityManager(null)

    override fun checkRead(file: String) {
        if (concerns(file)) BlockGuard.getThreadPolicy().onReadFromDisk()
    }

    override fun checkWrite(file: String) {
        if (concerns(file)) BlockGuard.getThreadPolicy().onWriteToDisk()
    }

    override fun checkDelete(file: String) = checkWrite(file)

    override fun checkPermission(permission: Permission) = Unit

    override fun checkPermission(permission: Permission, context: Any) = Unit

    private fun concerns(file: String): Boolean {
        val main = Looper.getMainLooper()
        return file.startsWith(path) && main != null && main.thread === Thread.currentThread()
    }
}
