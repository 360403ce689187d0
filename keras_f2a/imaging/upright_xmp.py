"""Adapts an XMP packet to corrected, upright pixels."""

import re
from collections.abc import Iterable
from functools import partial

from PIL import Image

from keras_f2a.imaging.turns import Rectangle, swaps_axes, transpose_rectangle, transpose_subject
from keras_f2a.imaging.xmp import EXIF, RDF, TIFF, XMP, Packet

# Namespaces of region lists and of areas, and the names of the areas.
_REGIONS = (
    (
        "http://www.metadataworkinggroup.com/schemas/regions/",
        "http://ns.adobe.com/xmp/sType/Area#",
        ("Area",),
    ),
    (
        "http://ns.acdsee.com/regions/",
        "http://ns.acdsee.com/sType/Area#",
        ("DLYArea", "ALGArea"),
    ),
)
_DIMENSIONS = (
    "http://ns.adobe.com/xap/1.0/sType/Dimensions#",
    "http://ns.adobe.com/xmp/sType/Dimensions#",
    "http://ns.acdsee.com/sType/Dimensions#",
)
_RESOLUTIONS = ((TIFF, "{}Resolution"), (EXIF, "FocalPlane{}Resolution"))
_MICROSOFT_REGION = "http://ns.microsoft.com/photo/1.2/t/Region#"
_MAX_DIGITS = 100
_NUMBER = re.compile(r"[0-9]*\.?[0-9]+")


def upright_xmp(
    data: bytes, width: int, height: int, *, turn: Image.Transpose | None = None
) -> bytes:
    """Return a packet that matches corrected, upright pixels.

    The orientation becomes 1, and the sizes become those of the pixels. The resolution turns with
    the pixels, and so do regions, such as the faces that phones and photo managers mark. The
    thumbnail is removed because it shows the photograph before its correction. Every other byte
    stays.

    Args:
        data: The packet. May be empty.
        width: Width of the upright image.
        height: Height of the upright image.
        turn: How the pixels were transposed, or `None` if they were not.
    """
    packet = Packet(data)
    packet.set(TIFF, "Orientation", "1")
    for namespace, names in ((TIFF, "Image{}"), (EXIF, "Pixel{}Dimension")):
        sides = ("Width", "Length") if namespace == TIFF else ("X", "Y")
        for side, value in zip(sides, (width, height), strict=True):
            packet.set(namespace, names.format(side), str(value))
    if swaps_axes(turn):
        for namespace, names in _RESOLUTIONS:
            _swap(packet, namespace, names.format("X"), names.format("Y"))
    packet.remove(XMP, "Thumbnails")
    if turn is not None:
        _turn_regions(packet, turn, (width, height))
        _turn_subject(packet, turn, (width, height))
    return bytes(packet)


def _turn_regions(packet: Packet, turn: Image.Transpose, size: tuple[int, int]) -> None:
    """Turn the regions of the Metadata Working Group, ACDSee and Microsoft.

    Their coordinates are fractions of the stored width and height. Some programs use the upright
    image instead. The dimensions that are stored with the regions tell which.
    """
    if swaps_axes(turn) and _is_described_upright(packet, size):
        return
    for regions, areas, names in _REGIONS:
        for name in names:
            packet.change_parts(regions, name, partial(_turn_area, namespace=areas, turn=turn))
        if swaps_axes(turn):
            packet.change_parts(regions, "AppliedToDimensions", _swap_sides)
    packet.change(_MICROSOFT_REGION, "Rectangle", partial(_turn_rectangle, turn=turn))


def _is_described_upright(packet: Packet, size: tuple[int, int]) -> bool:
    """Return whether the dimensions have the aspect of the upright image, not the stored one."""
    for namespace in _DIMENSIONS:
        width, height = (_parse_number(packet.get(namespace, side)) for side in "wh")
        if width and height and width != height and size[0] != size[1]:
            return (width > height) == (size[0] > size[1])
    return False


def _swap_sides(dimensions: Packet) -> None:
    for namespace in _DIMENSIONS:
        _swap(dimensions, namespace, "w", "h")


def _swap(packet: Packet, namespace: str, name: str, other: str) -> None:
    """Exchange two values, if the packet has both."""
    values = packet.get(namespace, name), packet.get(namespace, other)
    if values[0] is not None and values[1] is not None:
        packet.set(namespace, name, values[1])
        packet.set(namespace, other, values[0])


def _turn_area(area: Packet, namespace: str, turn: Image.Transpose) -> None:
    """Turn an area with the center (x, y). A point has no sides, and a circle has a diameter."""
    texts = {name: area.get(namespace, name) for name in "xywh"}
    x, y, width, height = (_parse_number(text) for text in texts.values())
    if x is None or y is None or area.get(namespace, "unit") == "pixel":
        return
    center = transpose_rectangle(Rectangle(x, y, 0, 0), turn)
    values = {"x": center.left, "y": center.top}
    if width is not None and height is not None and swaps_axes(turn):
        values |= {"w": height, "h": width}
    digits = _decimal_places(texts.values())
    for name, value in values.items():
        area.set(namespace, name, f"{value:.{digits}f}")


def _turn_rectangle(text: str, turn: Image.Transpose) -> str:
    """Turn Microsoft's rectangle: left, top, width, and height."""
    parts = text.split(",")
    values = [number for part in parts if (number := _parse_number(part)) is not None]
    if len(values) != 4 or len(parts) != 4:
        return text
    digits = _decimal_places(parts)
    sides = transpose_rectangle(Rectangle(*values), turn)
    return ", ".join(f"{side:.{digits}f}" for side in sides)


def _turn_subject(packet: Packet, turn: Image.Transpose, size: tuple[int, int]) -> None:
    """Turn XMP's copies of EXIF's subject area and subject location."""

    def turn_list(part: Packet) -> None:
        items = [_parse_number(re.sub(r"<[^<>]*>", "", item)) for item in part.list_items()]
        numbers = [int(item) for item in items if item is not None and item.is_integer()]
        if 1 < len(numbers) == len(items):
            values = iter(transpose_subject(numbers, turn, size))
            part.change(RDF, "li", lambda text: str(next(values, text)))

    for name in ("SubjectArea", "SubjectLocation"):
        packet.change_parts(EXIF, name, turn_list)


def _parse_number(text: str | None) -> float | None:
    """Return a number of at least 0, or `None` for anything else."""
    text = (text or "").strip()
    return float(text) if _NUMBER.fullmatch(text) else None


def _decimal_places(texts: Iterable[str | None]) -> int:
    """Return the largest number of decimal places."""
    return min(max(len((text or "").strip().partition(".")[2]) for text in texts), _MAX_DIGITS)
