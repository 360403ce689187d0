"""Changes single properties of an XMP packet and leaves every other byte as it is."""

import re
from collections.abc import Callable

CAMERA = "http://ns.google.com/photos/1.0/camera/"
CONTAINER = "http://ns.google.com/photos/1.0/container/"
ITEM = "http://ns.google.com/photos/1.0/container/item/"
GAIN_MAP = "http://ns.adobe.com/hdr-gain-map/1.0/"
DEPTH = "http://ns.google.com/photos/1.0/depthmap/"
IMAGE = "http://ns.google.com/photos/1.0/image/"
SOUND = "http://ns.google.com/photos/1.0/audio/"
DYNAMIC_DEPTH = tuple(
    f"http://ns.google.com/photos/dd/1.0/{part}/"
    for part in ("device", "container", "profile", "camera", "depthmap", "image", "item")
)
NOTE = "http://ns.adobe.com/xmp/note/"
DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
XMP = "http://ns.adobe.com/xap/1.0/"
TIFF = "http://ns.adobe.com/tiff/1.0/"
EXIF = "http://ns.adobe.com/exif/1.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC_EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_NEW_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"></rdf:RDF></x:xmpmeta>'
    '<?xpacket end="w"?>'
)
_DECLARATION = r"""xmlns:[\w.-]+\s*=\s*(?:"[^"]*"|'[^']*')"""


class Packet:
    """An XMP packet, whose properties may be attributes or elements, under any prefix.

    A regular expression finds them, because a parser would write the packet anew: other quotes,
    other prefixes, no padding.

    Args:
        data: The packet as a file holds it, in UTF-8 or UTF-16.
    """

    def __init__(self, data: bytes):
        self._encoding = _encoding(data)
        try:
            self.text = data.decode(self._encoding, "surrogateescape")
        except UnicodeDecodeError:  # Damaged UTF-16; as single bytes nothing of it is lost.
            self._encoding = "latin-1"
            self.text = data.decode(self._encoding)

    def __bytes__(self) -> bytes:
        """Return the packet in its own encoding."""
        return self.text.encode(self._encoding, "surrogateescape")

    def uses(self, namespace: str) -> bool:
        """Say whether there is a property of this namespace."""
        return re.search(rf"[<\s]{self._prefix(namespace)}:", self.text) is not None

    def get(self, namespace: str, name: str) -> str | None:
        """Return the value of a simple property; `None` if there is none."""
        found = re.search(self._simple(namespace, name), self.text)
        return found and (found["attribute"] or found["element"] or "").strip()

    def set(self, namespace: str, name: str, value: str) -> None:
        """Replace the value of a simple property wherever it stands; add none."""
        self.change(namespace, name, lambda _: value)

    def change(self, namespace: str, name: str, new: Callable[[str], str]) -> None:
        """Replace each value of a simple property by what a function makes of it."""

        def changed(found: re.Match) -> str:
            value = found["attribute"] or found["element"] or ""
            return f"{found['before'] or found['open']}{new(value)}{found['after'] or ''}"

        self.text = re.sub(self._simple(namespace, name), changed, self.text)

    def change_parts(self, namespace: str, name: str, change: Callable[["Packet"], None]) -> None:
        """Let a function change each element of this name, with all that it holds, as a `part`."""
        tag = f"{self._prefix(namespace)}:{name}"
        namespaces = self.namespaces

        def changed(found: re.Match) -> str:
            part = Packet((namespaces + found[0]).encode("utf-8", "surrogateescape"))
            change(part)
            return part.text[len(namespaces) :]

        pattern = rf"<{tag}(?:\s[^<>]*)?/>|<({tag})(?:\s[^<>]*)?>.*?</\1\s*>"
        self.text = re.sub(pattern, changed, self.text, flags=re.DOTALL)

    def remove(self, namespace: str, name: str = r"[\w.-]+") -> None:
        """Remove a property with all that it holds; without a name all of the namespace."""
        if not self._prefixes(namespace):
            return
        tag = f"{self._prefix(namespace)}:{name}"
        self.text = re.sub(
            # Padding is one long run of blanks: looked at once, not from each of its blanks.
            rf"""(?<!\s)\s++{tag}\s*=\s*(?:"[^"]*"|'[^']*')"""
            rf"|<{tag}(?:\s[^<>]*)?/>|<({tag})(?:\s[^<>]*)?>.*?</\1\s*>",
            "",
            self.text,
            flags=re.DOTALL,
        )

    def add(self, namespace: str, name: str, value: str, *, prefix: str) -> None:
        """Add a simple property in a description of its own."""
        rdf = next(iter(self._prefixes(RDF)), None)
        if rdf is None:
            return  # It is damaged, and no reader would find the property.
        description = f'<{rdf}:Description {rdf}:about="" xmlns:{prefix}="{namespace}" '
        description += f'{prefix}:{name}="{value}"/>'
        self.text = re.sub(rf"(?=</{rdf}:RDF\s*>)", lambda _: description, self.text, count=1)

    def list_items(self) -> list[str]:
        """Return the items of all RDF lists, each as text."""
        tag = f"{self._prefix(RDF)}:li"
        pattern = rf"<{tag}(?:\s[^<>]*)?/>|<{tag}(?:\s[^<>]*)?>.*?</{tag}\s*>"
        return [found[0] for found in re.finditer(pattern, self.text, re.DOTALL)]

    @property
    def namespaces(self) -> str:
        """The declarations of all prefixes, which a part of the packet alone would lack."""
        return f"<{' '.join(sorted(set(re.findall(_DECLARATION, self.text))))}>"

    def part(self, text: str) -> "Packet":
        """Return a part of the text with the `namespaces` in front."""
        return Packet((self.namespaces + text).encode("utf-8", "surrogateescape"))

    def _prefixes(self, namespace: str) -> list[str]:
        pattern = rf"""xmlns:([\w.-]+)\s*=\s*["']{re.escape(namespace)}["']"""
        return sorted(set(re.findall(pattern, self.text)))

    def _prefix(self, namespace: str) -> str:
        """Return the pattern of the prefixes that stand for a namespace.

        One that matches nothing.
        """
        found = self._prefixes(namespace)
        return f"(?:{'|'.join(map(re.escape, found))})" if found else r"(?!)"

    def _simple(self, namespace: str, name: str) -> str:
        tag = f"{self._prefix(namespace)}:{name}"
        return (
            rf"""(?P<before>(?<=\s){tag}\s*=\s*(?P<quote>["']))(?P<attribute>[^"']*)"""
            rf"""(?P<after>(?P=quote))|(?P<open><{tag}(?:\s[^<>]*)?(?<!/)>)(?P<element>[^<>]*)"""
        )


def with_digital_source_type(data: bytes) -> bytes:
    """Return a packet that says, in IPTC's words, that an algorithm edited the photograph.

    Args:
        data: The packet; an empty one becomes a new one.
    """
    packet = Packet(data or _NEW_PACKET.encode())
    packet.remove(_IPTC_EXTENSION, "DigitalSourceType")
    packet.add(_IPTC_EXTENSION, "DigitalSourceType", DIGITAL_SOURCE_TYPE, prefix="Iptc4xmpExt")
    return bytes(packet)


def new_packet(namespace: str, name: str, value: str, *, prefix: str) -> bytes:
    """Return a packet with one simple property and nothing else."""
    packet = Packet(_NEW_PACKET.encode())
    packet.add(namespace, name, value, prefix=prefix)
    return bytes(packet)


def _encoding(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16-le" if data[0] == 0xFF else "utf-16-be"
    if data[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if data[:1] == b"\0" else "utf-8"
