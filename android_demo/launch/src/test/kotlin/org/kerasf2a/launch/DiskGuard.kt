package org.kerasf2a.launch

import android.os.Looper
import dalvik.system.BlockGuard
import java.io.File
import java.security.Permission

/**
 * Tells StrictMode of files of the app that the main thread touches. On a phone Java's own file
 * classes do that; on the JVM a security manager hears of the same calls.
 *
 * @param folder the app's own.
 */
@Suppress("DEPRECATION") // It goes after Java 21.
class DiskGuard(folder: File) : SecurityManager() {
    private val path = folder.path

    init {
        System.setSecurityManager(this)
    }

    /** Ends it. */
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
