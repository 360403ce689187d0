package org.kerasf2a.demo.photo

/**
 * One part of a file, listed in the directory of a phone's XMP.
 *
 * @property semantic the kind of part, for example "Primary", "GainMap", "MotionPhoto" or "Depth".
 * @property length in bytes; 0 if the directory does not say, as for the primary image.
 */
internal class Item(val semantic: String, val length: Long)

/** Returns the items of a packet's directory, in file order. */
internal fun XmpPacket.items(): List<Item> = itemTexts().map { it.second }

/** Returns whether the packet declares a gain map or holds its parameters. */
internal fun XmpPacket.declaresGainMap(): Boolean =
    uses(GAIN_MAP) || items().any { it.semantic == GAIN_MAP_ITEM }

/**
 * Makes the packet declare only the parts that a result has.
 *
 * @param gainMapLength bytes of the gain map after the image; null if there is none.
 */
internal fun XmpPacket.declareParts(gainMapLength: Int?) {
    // The pattern includes their versions, offsets and timestamps.
    for (name in listOf("MotionPhoto", "MicroVideo")) remove(CAMERA, "$name\\w*")
    if (gainMapLength == null) remove(GAIN_MAP)
    val found = itemTexts()
    if (gainMapLength == null || found.none { it.second.semantic == GAIN_MAP_ITEM }) {
        remove(CONTAINER)
        return
    }
    for ((itemText, item) in found) {
        if (item.semantic == GAIN_MAP_ITEM) {
            text = text.replace(itemText, withLength(itemText, gainMapLength))
        } else if (item.semantic != PRIMARY) {
            text = text.replace(itemText, "")
        }
    }
    replace(ITEM, "Padding", "0")
}

private fun XmpPacket.itemTexts(): List<Pair<String, Item>> = listItems().mapNotNull { text ->
    val part = part(text)
    part[ITEM, "Semantic"]?.let { semantic ->
        Pair(text, Item(semantic, part[ITEM, "Length"]?.toLongOrNull() ?: 0))
    }
}

private fun XmpPacket.withLength(itemText: String, length: Int): String {
    val part = part(itemText)
    part.replace(ITEM, "Length", "$length")
    return part.text.removePrefix(namespaces)
}

internal const val CAMERA = "http://ns.google.com/photos/1.0/camera/"
internal const val GAIN_MAP_ITEM = "GainMap"
internal const val PRIMARY = "Primary"
private const val CONTAINER = "http://ns.google.com/photos/1.0/container/"
private const val ITEM = "http://ns.google.com/photos/1.0/container/item/"
private const val GAIN_MAP = "http://ns.adobe.com/hdr-gain-map/1.0/"
