package org.kerasf2a.demo.photo

import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.nio.charset.Charset

/**
 * An XMP packet, whose properties may be attributes or elements, under any prefix. Everything that
 * is not changed stays byte for byte.
 *
 * Regular expressions find the properties, because a parser would rewrite the packet with other
 * quotes, other prefixes and no padding.
 *
 * @param data the packet as stored in a file, in UTF-8 or UTF-16.
 */
internal class XmpPacket(data: ByteArray) {
    private val charset = charsetOf(data)

    /** The packet's text. */
    var text: String = String(data, charset)

    /** Returns the packet in its own encoding. */
    fun bytes(): ByteArray = text.toByteArray(charset)

    /** Returns whether the packet has a property of this namespace. */
    fun uses(namespace: String): Boolean = Regex("[<\\s]${prefix(namespace)}:").containsMatchIn(text)

    /** Returns the value of a simple property; null if there is none. */
    operator fun get(namespace: String, name: String): String? {
        val found = simple(namespace, name).find(text) ?: return null
        return (found.groups[ATTRIBUTE] ?: found.groups[ELEMENT])?.value.orEmpty().trim()
    }

    /** Replaces the value of a simple property at every occurrence. It adds no property. */
    fun replace(namespace: String, name: String, value: String) {
        text =
            simple(namespace, name).replace(text) { found ->
                val attribute = found.groups[BEFORE]
                if (attribute == null) {
                    found.groups[OPEN]!!.value + value
                } else {
                    attribute.value + value + found.groups[QUOTE]!!.value
                }
            }
    }

    /** Removes a property and its contents. Without a name, removes all of the namespace. */
    fun remove(namespace: String, name: String = "[\\w.-]+") {
        val tag = "${prefix(namespace)}:$name"
        val pattern =
            "\\s+$tag\\s*=\\s*(?:\"[^\"]*\"|'[^']*')" +
                "|<$tag(?:\\s[^<>]*)?/>|<($tag)(?:\\s[^<>]*)?>.*?</\\1\\s*>"
        text = Regex(pattern, RegexOption.DOT_MATCHES_ALL).replace(text, "")
    }

    /** Returns the items of all RDF lists as text. */
    fun listItems(): List<String> {
        val tag = "${prefix(RDF)}:li"
        val pattern = "<$tag(?:\\s[^<>]*)?/>|<$tag(?:\\s[^<>]*)?>.*?</$tag\\s*>"
        val items = Regex(pattern, RegexOption.DOT_MATCHES_ALL).findAll(text)
        return items.map { it.value }.toList()
    }

    /** The declarations of all prefixes, which a part of the packet would lack on its own. */
    val namespaces: String
        get() = DECLARATION.findAll(text).map { it.value }.toSortedSet().joinToString(" ", "<", ">")

    /** Returns a part of the text, preceded by the [namespaces]. */
    fun part(part: String) = XmpPacket((namespaces + part).toByteArray())

    /** Returns a pattern for the prefixes of a namespace. Without any, it matches nothing. */
    private fun prefix(namespace: String): String {
        val declared = Regex("xmlns:([\\w.-]+)\\s*=\\s*[\"']${Regex.escape(namespace)}[\"']")
        val found = declared.findAll(text).map { Regex.escape(it.groupValues[1]) }.toSortedSet()
        return if (found.isEmpty()) "(?!)" else found.joinToString("|", "(?:", ")")
    }

    private fun simple(namespace: String, name: String): Regex {
        val tag = "${prefix(namespace)}:$name"
        return Regex(
            "((?<=\\s)$tag\\s*=\\s*([\"']))([^\"']*)\\2" +
                "|(<$tag(?:\\s[^<>]*)?(?<!/)>)([^<>]*)",
        )
    }

    private companion object {
        const val BEFORE = 1
        const val QUOTE = 2
        const val ATTRIBUTE = 3
        const val OPEN = 4
        const val ELEMENT = 5
        const val RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        val DECLARATION = Regex("xmlns:[\\w.-]+\\s*=\\s*(?:\"[^\"]*\"|'[^']*')")
    }
}

/**
 * Adapts a packet to corrected pixels: it sets their size and orientation, and removes a preview,
 * which would show the photograph before its correction.
 *
 * @param orientation orientation of the pixels, as in EXIF.
 */
internal fun XmpPacket.adapt(width: Int, height: Int, orientation: Int) {
    replace(TIFF, "Orientation", "$orientation")
    replace(TIFF, "ImageWidth", "$width")
    replace(TIFF, "ImageLength", "$height")
    replace(EXIF, "PixelXDimension", "$width")
    replace(EXIF, "PixelYDimension", "$height")
    remove(XMP, "Thumbnails")
}

/**
 * Returns an encoding that preserves every byte: UTF-16 if the first bytes suggest it, or else
 * UTF-8. Data that is valid in neither is read as single bytes.
 */
private fun charsetOf(data: ByteArray): Charset {
    val first = data.getOrNull(0)?.toInt()
    val second = data.getOrNull(1)?.toInt()
    val charset =
        when {
            first == -1 && second == -2 || second == 0 -> Charsets.UTF_16LE
            first == -2 && second == -1 || first == 0 -> Charsets.UTF_16BE
            else -> Charsets.UTF_8
        }
    return try {
        charset.newDecoder().decode(ByteBuffer.wrap(data))
        charset
    } catch (_: CharacterCodingException) {
        Charsets.ISO_8859_1
    }
}

private const val XMP = "http://ns.adobe.com/xap/1.0/"
private const val TIFF = "http://ns.adobe.com/tiff/1.0/"
private const val EXIF = "http://ns.adobe.com/exif/1.0/"
