"""Updates a photograph's EXIF block to match its corrected, upright pixels."""

import struct

from PIL import Image

from keras_f2a.imaging.previews import blank_previews
from keras_f2a.imaging.turns import swaps_axes, transpose_subject

PREFIX = b"Exif\x00\x00"
ORIENTATION = 0x0112
_EXIF_DIRECTORY = 0x8769
_FLASH = 0x9209
_MAKER_NOTE = 0x927C
_SUBJECTS = (0x9214, 0xA214)  # The subject area, and the subject location.
_THUMBNAIL_TAGS = ((0x0201, 0x0202), (0x0111, 0x0117))  # Tags for position and length.
_WIDTHS = (0x0100, 0xA002)
_HEIGHTS = (0x0101, 0xA003)
_RESOLUTIONS = ((0x011A, 0x011B), (0xA20E, 0xA20F))  # Horizontal and vertical, also of the sensor.
_SHORT, _LONG, _RATIONAL, _SIGNED_SHORT, _SIGNED_LONG = 3, 4, 5, 8, 9

Entries = dict[int, list[int]]
"""The positions of each tag's entries. Some files have a tag twice; readers take the first."""


def exif_of_upright_image(
    exif: bytes, width: int, height: int, *, turn: Image.Transpose | None = None
) -> bytes:
    r"""Return an EXIF block with orientation 1, the given size and no embedded preview.

    The subject area and the resolution turn with the pixels. Only those values change. Every other
    byte stays in place, so that the maker note, which holds absolute offsets, remains readable. The
    thumbnail is unlinked because it shows the photograph before its correction. All previews that
    can be found, including those in the maker note, are overwritten with zeros. See
    `keras_f2a.imaging.previews`.

    Args:
        exif: The block as stored in a file, with or without the leading ``Exif\0\0``.
        width: Width of the upright image.
        height: Height of the upright image.
        turn: How the pixels were transposed, or `None` if they were not.

    Returns:
        The block with the leading ``Exif\0\0``, or empty bytes if it could not be read.
    """
    block = bytearray(_without_prefix(exif))
    try:
        _edit(block, (width, height), turn)
    except struct.error:
        return b""
    return PREFIX + bytes(block)


def without_orientation(exif: bytes) -> bytes:
    """Return an EXIF block without its orientation. Only the main directory changes.

    Otherwise Pillow would remove the tag when it writes AVIF, and rewrite the whole block.

    Args:
        exif: The block, which may be empty.
    """
    block = bytearray(_without_prefix(exif))
    try:
        order, entries, end = _main_directory(block)
        (directory,) = struct.unpack_from(order + "L", block, 4)
        while ORIENTATION in entries:  # Some files have it twice.
            entry = entries[ORIENTATION][0]
            (count,) = struct.unpack_from(order + "H", block, directory)
            struct.pack_into(order + "H", block, directory, count - 1)
            block[entry : end + 4] = block[entry + 12 : end + 4] + bytes(12)
            order, entries, end = _main_directory(block)
    except struct.error:
        return exif
    return PREFIX + bytes(block)


def flash_fired(exif: bytes) -> bool | None:
    r"""Return whether the flash fired, according to bit 0 of the `Flash` tag.

    Args:
        exif: The EXIF block, with or without the leading ``Exif\0\0``. May be empty.

    Returns:
        `None` if the block does not say or could not be read.
    """
    block = _without_prefix(exif)
    try:
        order, entries, _ = _main_directory(block)
        exif_entries = _exif_entries(block, order, entries)
        if _FLASH not in exif_entries:
            return None
        field_type, count = struct.unpack_from(order + "HL", block, exif_entries[_FLASH][0] + 2)
        if field_type not in (_SHORT, _LONG) or count != 1:
            return None
        field_format = "H" if field_type == _SHORT else "L"
        (value,) = struct.unpack_from(order + field_format, block, exif_entries[_FLASH][0] + 8)
    except struct.error:
        return None
    return bool(value & 1)


def _without_prefix(exif: bytes) -> bytes:
    """Return a block from its byte order mark on. Some programs write the prefix into PNG files."""
    while exif.startswith(PREFIX):
        exif = exif.removeprefix(PREFIX)
    return exif


def _edit(block: bytearray, size: tuple[int, int], turn: Image.Transpose | None) -> None:
    order, entries, end = _main_directory(block)
    for entry in entries.get(ORIENTATION, []):
        _set(block, order, entry, 1)
    _blank_thumbnail(block, order, end)
    struct.pack_into(order + "L", block, end, 0)
    exif_entries = _exif_entries(block, order, entries)
    for tags, value in zip((_WIDTHS, _HEIGHTS), size, strict=True):
        for tag in tags:
            for entry in [*entries.get(tag, []), *exif_entries.get(tag, [])]:
                _set(block, order, entry, value)
    if swaps_axes(turn):
        for directory in (entries, exif_entries):
            _swap_resolutions(block, order, directory)
    for tag in _SUBJECTS:
        if turn is not None and tag in exif_entries:
            _transpose_subject(block, order, exif_entries[tag][0], turn=turn, size=size)
    maker_note = None
    if _MAKER_NOTE in exif_entries:
        (maker_note,) = struct.unpack_from(order + "L", block, exif_entries[_MAKER_NOTE][0] + 8)
    blank_previews(block, maker_note)


def _transpose_subject(
    block: bytearray,
    order: str,
    entry: int,
    *,
    turn: Image.Transpose,
    size: tuple[int, int],
) -> None:
    field_type, count = struct.unpack_from(order + "HL", block, entry + 2)
    if field_type not in (_SHORT, _LONG) or not 2 <= count <= 4:
        return
    values_format = order + str(count) + ("H" if field_type == _SHORT else "L")
    offset = entry + 8
    if struct.calcsize(values_format) > 4:
        (offset,) = struct.unpack_from(order + "L", block, offset)
    subject = list(struct.unpack_from(values_format, block, offset))
    maximum = 0xFFFF if field_type == _SHORT else 0xFFFFFFFF
    transposed = [min(value, maximum) for value in transpose_subject(subject, turn, size)]
    struct.pack_into(values_format, block, offset, *transposed)


def _swap_resolutions(block: bytearray, order: str, entries: Entries) -> None:
    """Exchange the horizontal and the vertical resolution of a directory, unless they are equal."""
    for tags in _RESOLUTIONS:
        if not all(tag in entries for tag in tags):
            continue
        found = [entries[tag][0] for tag in tags]
        types = [struct.unpack_from(order + "HL", block, entry + 2) for entry in found]
        if types != [(_RATIONAL, 1)] * 2:
            continue
        first, second = (struct.unpack_from(order + "L", block, entry + 8)[0] for entry in found)
        if block[first : first + 8] != block[second : second + 8]:
            struct.pack_into(order + "L", block, found[0] + 8, second)
            struct.pack_into(order + "L", block, found[1] + 8, first)


def _blank_thumbnail(block: bytearray, order: str, link: int) -> None:
    """Overwrite the thumbnail of the second directory with zeros."""
    (directory,) = struct.unpack_from(order + "L", block, link)
    if directory == 0:
        return
    try:
        entries, _ = _entries(block, order, directory)
    except struct.error:
        return
    for start_tag, length_tag in _THUMBNAIL_TAGS:
        if start_tag in entries and length_tag in entries:
            start, length = (_value(block, order, entries[t][0]) for t in (start_tag, length_tag))
            # Never overwrite the directories, which come before the thumbnail.
            if max(link, directory) < start and start + length <= len(block):
                block[start : start + length] = bytes(length)


def _main_directory(block: bytes | bytearray) -> tuple[str, Entries, int]:
    """Return the byte order, the main directory's entries, and where the link after them is."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(block[:2]))
    if order is None:
        raise struct.error("neither byte order")
    (directory,) = struct.unpack_from(order + "L", block, 4)
    return order, *_entries(block, order, directory)


def _exif_entries(block: bytes | bytearray, order: str, entries: Entries) -> Entries:
    """Return the entries of the Exif directory, which describes the photograph."""
    if _EXIF_DIRECTORY not in entries:
        return {}
    (directory,) = struct.unpack_from(order + "L", block, entries[_EXIF_DIRECTORY][0] + 8)
    return _entries(block, order, directory)[0]


def _entries(block: bytes | bytearray, order: str, directory: int) -> tuple[Entries, int]:
    """Return the positions of each tag's entries and of the link to the next directory."""
    (count,) = struct.unpack_from(order + "H", block, directory)
    entries: Entries = {}
    for index in range(count):
        position = directory + 2 + 12 * index
        (tag,) = struct.unpack_from(order + "H", block, position)
        entries.setdefault(tag, []).append(position)
    return entries, directory + 2 + 12 * count


def _value(block: bytes | bytearray, order: str, entry: int) -> int:
    """Return the number in an entry, or 0 if the entry does not hold exactly one."""
    field_type, count = struct.unpack_from(order + "HL", block, entry + 2)
    if field_type not in (_SHORT, _LONG) or count != 1:
        return 0
    return struct.unpack_from(order + ("H" if field_type == _SHORT else "L"), block, entry + 8)[0]


def _set(block: bytearray, order: str, entry: int, value: int) -> None:
    (field_type,) = struct.unpack_from(order + "H", block, entry + 2)
    if field_type in (_SHORT, _SIGNED_SHORT):
        struct.pack_into(order + "H", block, entry + 8, min(value, 0xFFFF))
    elif field_type in (_LONG, _SIGNED_LONG):
        struct.pack_into(order + "L", block, entry + 8, value)
