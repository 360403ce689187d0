package org.kerasf2a.demo.photo

/**
 * Returns a name for the app's copy of a photograph.
 *
 * Of a long name, the end stays, which tells the format. File systems allow 255 bytes, and the result's
 * name is a little longer than the photograph's.
 *
 * @param name a name from another app, which may contain anything; null if there is none.
 */
internal fun fileNameOf(name: String?): String {
    val safe = name.orEmpty().map { if (it == '/' || it.isISOControl()) '_' else it }
    val trimmed = safe.joinToString("").trim('.', ' ')
    var start = trimmed.length
    var size = 0
    while (start > 0) {
        val codePoint = trimmed.codePointBefore(start)
        size += String(Character.toChars(codePoint)).toByteArray().size
        if (size > MAX_NAME_BYTES) break
        start -= Character.charCount(codePoint)
    }
    return trimmed.substring(start).ifEmpty { "photo.jpg" }
}

private const val MAX_NAME_BYTES = 200
