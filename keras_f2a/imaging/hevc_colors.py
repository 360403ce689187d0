"""Reads the color codes from the sequence parameter set of an HEVC stream.

A HEIC file usually has its color codes in a ``colr`` box. Without one, decoders use the stream's
video usability information (VUI). ITU-T H.265 defines the structure in 7.3.2.2 and annex E.
"""

from keras_f2a.imaging.cicp import Cicp

_SEQUENCE_PARAMETERS = 33
_CONFIGURATION_HEADER_SIZE = 22  # bytes of `hvcC` before its arrays of units
_MAX_SETS = 64
_MAX_PICTURES = 16
_EXTENDED_ASPECT_RATIO = 255


def hevc_colors(configuration: bytes) -> Cicp | None:
    """Return the codes in a decoder configuration, or `None` if it has none or is damaged.

    Args:
        configuration: The content of an ``hvcC`` box.
    """
    try:
        for unit in _units(configuration):
            if unit[0] >> 1 & 0x3F == _SEQUENCE_PARAMETERS:
                return _parse_sequence_parameters(_BitReader(unit[2:].replace(b"\0\0\3", b"\0\0")))
    except (IndexError, ValueError):  # The decoder reports the damage with a better message.
        pass
    return None


def _units(configuration: bytes) -> list[bytes]:
    offset = _CONFIGURATION_HEADER_SIZE + 1
    units = []
    for _ in range(configuration[_CONFIGURATION_HEADER_SIZE]):
        count = int.from_bytes(configuration[offset + 1 : offset + 3], "big")
        offset += 3
        for _ in range(count):
            size = int.from_bytes(configuration[offset : offset + 2], "big")
            units.append(configuration[offset + 2 : offset + 2 + size])
            offset += 2 + size
    return units


class _BitReader:
    """Reads a bit stream as H.265 describes its fields: u(n), ue(v) and se(v)."""

    def __init__(self, content: bytes):
        self._value, self._remaining = int.from_bytes(content, "big"), 8 * len(content)

    def read_bits(self, size: int) -> int:
        """Read u(n)."""
        self._remaining -= size
        if self._remaining < 0:
            raise ValueError("the stream ends too early")
        return self._value >> self._remaining & (1 << size) - 1

    def read_flag(self) -> bool:
        """Read u(1)."""
        return bool(self.read_bits(1))

    def read_ue(self, maximum: int = 2**32) -> int:
        """Read ue(v), which has the same length as se(v)."""
        zeros = 0
        while not self.read_flag():
            zeros += 1
        value = (1 << zeros) - 1 + self.read_bits(zeros)
        if value > maximum:
            raise ValueError("a number is out of range")
        return value

    def skip_ue(self, count: int) -> None:
        """Skip `count` fields of type ue(v) or se(v)."""
        for _ in range(count):
            self.read_ue()


def _parse_sequence_parameters(reader: _BitReader) -> Cicp | None:
    reader.read_bits(4)
    layers = reader.read_bits(3)
    reader.read_bits(1)
    _skip_profile(reader, layers)
    reader.read_ue()
    if reader.read_ue() == 3:  # 4:4:4, whose planes may be coded separately.
        reader.read_flag()
    reader.skip_ue(2)  # Width and height.
    if reader.read_flag():
        reader.skip_ue(4)  # The conformance window.
    reader.skip_ue(2)
    order_bits = reader.read_ue(12) + 4
    all_layers = reader.read_flag()
    reader.skip_ue(3 * (layers + 1 if all_layers else 1))
    reader.skip_ue(6)
    if reader.read_flag() and reader.read_flag():
        _skip_scaling(reader)
    reader.read_bits(2)
    if reader.read_flag():  # PCM blocks.
        reader.read_bits(8)
        reader.skip_ue(2)
        reader.read_flag()
    _skip_reference_pictures(reader)
    if reader.read_flag():
        for _ in range(reader.read_ue(_MAX_SETS)):
            reader.read_bits(order_bits + 1)
    reader.read_bits(2)
    return _parse_usability_information(reader) if reader.read_flag() else None


def _parse_usability_information(reader: _BitReader) -> Cicp | None:
    if reader.read_flag() and reader.read_bits(8) == _EXTENDED_ASPECT_RATIO:
        reader.read_bits(32)
    if reader.read_flag():
        reader.read_flag()
    if not reader.read_flag():
        return None
    reader.read_bits(4)
    return Cicp(reader.read_bits(8), reader.read_bits(8)) if reader.read_flag() else None


def _skip_profile(reader: _BitReader, layers: int) -> None:
    reader.read_bits(96)
    present = [(reader.read_flag(), reader.read_flag()) for _ in range(layers)]
    if layers:
        reader.read_bits(2 * (8 - layers))
    for profile, level in present:
        reader.read_bits(88 * profile + 8 * level)


def _skip_scaling(reader: _BitReader) -> None:
    for size in range(4):
        for _ in range(0, 6, 3 if size == 3 else 1):
            if not reader.read_flag():
                reader.read_ue()
            else:
                reader.skip_ue(min(64, 1 << (4 + 2 * size)) + (size > 1))


def _skip_reference_pictures(reader: _BitReader) -> None:
    picture_count = 0
    for index in range(reader.read_ue(_MAX_SETS)):
        if index and reader.read_flag():
            reader.read_flag()
            reader.read_ue()
            uses = [reader.read_flag() or reader.read_flag() for _ in range(picture_count + 1)]
            picture_count = sum(uses)
        else:
            picture_count = reader.read_ue(_MAX_PICTURES) + reader.read_ue(_MAX_PICTURES)
            for _ in range(picture_count):
                reader.read_ue()
                reader.read_flag()
