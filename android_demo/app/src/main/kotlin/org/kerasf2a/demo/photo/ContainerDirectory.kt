package org.kerasf2a.demo.photo

/**
 * One part of a file, in the list of a phone's XMP of what lies behind the picture.
 *
 * @property semantic what it is, for example "Primary", "GainMap", "MotionPhoto" or "Depth".
 * @property length its bytes; 0 if the list does not say, as for the primary picture.
 */
internal class Item(val semantic: String, val length: Long)

/** The items of a packet's directory, in the order in which they lie in the file. */
internal fun XmpPacket.items(): List<Item> = itemTexts().map { it.second }

/** Whether the packet announces a gain map, or holds the numbers of one. */
internal fun XmpPacket.declaresGainMap(): Boolean =
    uses(GAIN_MAP) || items().any { it.semantic == GAIN_MAP_ITEM }

/**
 * Lets the packet announce the parts that a result has, and no others.
 *
 * @param gainMapLength bytes of the gain map behind the picture; null if there is none.
 */
internal fun XmpPacket.announce(gainMapLength: Int?) {
    // And their versions, offsets and times.
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
