"""Reads the color codes from the sequence parameter set of an HEVC stream.

A HEIC file usually has its color codes in a ``colr`` box. Without one, decoders use the stream's
video usability information (VUI). ITU-T H.265 defines the structure in 7.3.2.2 and annex E.
"""

from keras_f2a.imaging.cicp import Cicp

_SEQUENCE_PARAMETERS = 33
_HEADER_OF_CONFIGURATION = 22  # bytes of `hvcC` before its arrays of units
_MOST_SETS = 64
_MOST_PICTURES = 16
_EXTENDED_SHAPE = 255


def hevc_colors(configuration: bytes) -> Cicp | None:
    """Return the codes in a decoder configuration, or `None` if it has none or is damaged.

    Args:
        configuration: The content of an ``hvcC`` box.
    """
    try:
        for unit in _units(configuration):
            if unit[0] >> 1 & 0x3F == _SEQUENCE_PARAMETERS:
                return _colors_of_sequence(_Bits(unit[2:].replace(b"\0\0\3", b"\0\0")))
    except (IndexError, ValueError):  # The decoder reports the damage with a better message.
        pass
    return None


def _units(configuration: bytes) -> list[bytes]:
    place = _HEADER_OF_CONFIGURATION + 1
    units = []
    for _ in range(configuration[_HEADER_OF_CONFIGURATION]):
        count = int.from_bytes(configuration[place + 1 : place + 3], "big")
        place += 3
        for _ in range(count):
            size = int.from_bytes(configuration[place : place + 2], "big")
            units.append(configuration[place + 2 : place + 2 + size])
            place += 2 + size
    return units


class _Bits:
    """Reads a bit stream as H.265 describes its fields: u(n), ue(v) and se(v)."""

    def __init__(self, content: bytes):
        self._value, self._left = int.from_bytes(content, "big"), 8 * len(content)

    def number(self, size: int) -> int:
        """Read u(n)."""
        self._left -= size
        if self._left < 0:
            raise ValueError("the stream ends too early")
        return self._value >> self._left & (1 << size) - 1

    def flag(self) -> bool:
        """Read u(1)."""
        return bool(self.number(1))

    def exponential(self, most: int = 2**32) -> int:
        """Read ue(v), which has the same length as se(v)."""
        zeros = 0
        while not self.flag():
            zeros += 1
        value = (1 << zeros) - 1 + self.number(zeros)
        if value > most:
            raise ValueError("a number is out of range")
        return value

    def skip(self, count: int) -> None:
        """Skip `count` fields of type ue(v) or se(v)."""
        for _ in range(count):
            self.exponential()


def _colors_of_sequence(bits: _Bits) -> Cicp | None:
    bits.number(4)
    layers = bits.number(3)
    bits.number(1)
    _skip_profile(bits, layers)
    bits.exponential()
    if bits.exponential() == 3:  # 4:4:4, whose planes may be coded separately.
        bits.flag()
    bits.skip(2)  # Width and height.
    if bits.flag():
        bits.skip(4)  # The conformance window.
    bits.skip(2)
    order_bits = bits.exponential(12) + 4
    all_layers = bits.flag()
    bits.skip(3 * (layers + 1 if all_layers else 1))
    bits.skip(6)
    if bits.flag() and bits.flag():
        _skip_scaling(bits)
    bits.number(2)
    if bits.flag():  # PCM blocks.
        bits.number(8)
        bits.skip(2)
        bits.flag()
    _skip_reference_pictures(bits)
    if bits.flag():
        for _ in range(bits.exponential(_MOST_SETS)):
            bits.number(order_bits + 1)
    bits.number(2)
    return _colors_of_usability(bits) if bits.flag() else None


def _colors_of_usability(bits: _Bits) -> Cicp | None:
    if bits.flag() and bits.number(8) == _EXTENDED_SHAPE:
        bits.number(32)
    if bits.flag():
        bits.flag()
    if not bits.flag():
        return None
    bits.number(4)
    return Cicp(bits.number(8), bits.number(8)) if bits.flag() else None


def _skip_profile(bits: _Bits, layers: int) -> None:
    bits.number(96)
    present = [(bits.flag(), bits.flag()) for _ in range(layers)]
    if layers:
        bits.number(2 * (8 - layers))
    for profile, level in present:
        bits.number(88 * profile + 8 * level)


def _skip_scaling(bits: _Bits) -> None:
    for size in range(4):
        for _ in range(0, 6, 3 if size == 3 else 1):
            if not bits.flag():
                bits.exponential()
            else:
                bits.skip(min(64, 1 << (4 + 2 * size)) + (size > 1))


def _skip_reference_pictures(bits: _Bits) -> None:
    earlier = 0
    for number in range(bits.exponential(_MOST_SETS)):
        if number and bits.flag():
            bits.flag()
            bits.exponential()
            uses = [bits.flag() or bits.flag() for _ in range(earlier + 1)]
            earlier = sum(uses)
        else:
            earlier = bits.exponential(_MOST_PICTURES) + bits.exponential(_MOST_PICTURES)
            for _ in range(earlier):
                bits.exponential()
                bits.flag()
