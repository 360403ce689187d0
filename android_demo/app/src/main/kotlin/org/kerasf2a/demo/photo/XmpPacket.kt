package org.kerasf2a.demo.photo

import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.nio.charset.Charset

/**
 * An XMP packet, whose properties may be attributes or elements, under any prefix. What is not
 * changed stays as it is, to the byte.
 *
 * Regular expressions find the properties, because a parser would write the packet anew: other
 * quotes, other prefixes, no padding.
 *
 * @param data the packet as a file holds it, in UTF-8 or UTF-16.
 */
internal class XmpPacket(data: ByteArray) {
    private val charset = charsetOf(data)

    /** The packet's text. */
    var text: String = String(data, charset)

    /** The packet in its own encoding. */
    fun bytes(): ByteArray = text.toByteArray(charset)

    /** Whether there is a property of this namespace. */
    fun uses(namespace: String): Boolean = Regex("[<\\s]${prefix(namespace)}:").containsMatchIn(text)

    /** The value of a simple property; null if there is none. */
    operator fun get(namespace: String, name: String): String? {
        val found = simple(namespace, name).find(text) ?: return null
        return (found.groups[ATTRIBUTE] ?: found.groups[ELEMENT])?.value.orEmpty().trim()
    }

    /** Replaces the value of a simple property wherever it stands; adds none. */
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

    /** Removes a property with all that it holds; without a name all of the namespace. */
    fun remove(namespace: String, name: String = "[\\w.-]+") {
        val tag = "${prefix(namespace)}:$name"
        val pattern =
            "\\s+$tag\\s*=\\s*(?:\"[^\"]*\"|'[^']*')" +
                "|<$tag(?:\\s[^<>]*)?/>|<($tag)(?:\\s[^<>]*)?>.*?</\\1\\s*>"
        text = Regex(pattern, RegexOption.DOT_MATCHES_ALL).replace(text, "")
    }

    /** The items of all RDF lists, each as text. */
    fun listItems(): List<String> {
        val tag = "${prefix(RDF)}:li"
        val pattern = "<$tag(?:\\s[^<>]*)?/>|<$tag(?:\\s[^<>]*)?>.*?</$tag\\s*>"
        val items = Regex(pattern, RegexOption.DOT_MATCHES_ALL).findAll(text)
        return items.map { it.value }.toList()
    }

    /** The declarations of all prefixes, which a part of the packet alone would lack. */
    val namespaces: String
        get() = DECLARATION.findAll(text).map { it.value }.toSortedSet().joinToString(" ", "<", ">")

    /** Returns a part of the text with the [namespaces] in front. */
    fun part(part: String) = XmpPacket((namespaces + part).toByteArray())

    /** The pattern of the prefixes that stand for a namespace; one that matches nothing. */
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
 * Brings a packet in line with corrected pixels: their size, their orientation, and no preview, which
 * would show the photograph before its correction.
 *
 * @param orientation how the pixels have to be turned, as EXIF numbers it.
 */
internal fun XmpPacket.adapt(width: Int, height: Int, orientation: Int) {
    replace(TIFF, "Orientation", "$orientation")
    replace(TIFF, "ImageWidth", "$width")
    replace(TIFF, "ImageLength", "$height")
    replace(EXIF, "PixelXDimension", "$width")
    replace(EXIF, "PixelYDimension", "$height")
    remove(XMP, "Thumbnails")
}

/** What damages no byte: UTF-16 by its first bytes, else UTF-8, or single bytes if it is neither. */
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
