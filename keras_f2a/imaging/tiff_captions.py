"""Keeps the captions of a TIFF file: the tags with IPTC's and Photoshop's blocks."""

from PIL import Image, TiffImagePlugin

from keras_f2a.imaging.photoshop import without_previews

IPTC, PHOTOSHOP = 33723, 34377
_UNDEFINED = 7
_IPTC_MARKER = 0x1C


def caption_tags(image: Image.Image) -> dict[int, bytes]:
    """Return the tags with captions that a corrected photograph keeps.

    They stay byte for byte, except that Photoshop's previews are left out, because they show the
    photograph before its correction.

    Args:
        image: The photograph as Pillow opened it. Only TIFF files have such tags.
    """
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return {}
    iptc, photoshop = (_content(image.tag_v2, number) for number in (IPTC, PHOTOSHOP))
    kept = {IPTC: _in_order(iptc), PHOTOSHOP: without_previews(photoshop)}
    return {number: content for number, content in kept.items() if content}


def _content(tags: TiffImagePlugin.ImageFileDirectory_v2, number: int) -> bytes:
    """Return the bytes of a tag, whatever type its file gives it, or none."""
    if number not in tags:
        return b""
    tags.tagtype[number] = _UNDEFINED
    content = tags[number]  # Pillow puts the bytes of some tags into a tuple.
    return content if isinstance(content, bytes) else b"".join(content)


def _in_order(iptc: bytes) -> bytes:
    """Return IPTC's block. Some programs store it as numbers of 32 bits in the file's order."""
    if len(iptc) < 4 or iptc[0] == _IPTC_MARKER or iptc[3] != _IPTC_MARKER or len(iptc) % 4:
        return iptc
    return b"".join(iptc[start : start + 4][::-1] for start in range(0, len(iptc), 4))
