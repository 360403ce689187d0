"""Edits single properties of an XMP packet and leaves every other byte unchanged."""

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
    """An XMP packet, whose properties may be attributes or elements with any prefix.

    Regular expressions find them, because an XML parser would rewrite the packet with other quotes
    and prefixes and without padding.

    Args:
        data: The packet as stored in a file, in UTF-8 or UTF-16.
    """

    def __init__(self, data: bytes):
        self._encoding = _encoding(data)
        # Only UTF-8 can write the damaged bytes again that "surrogateescape" reads.
        self._errors = "surrogateescape" if self._encoding == "utf-8" else "strict"
        try:
            self.text = data.decode(self._encoding, self._errors)
        except UnicodeDecodeError:  # Damaged UTF-16. Latin-1 preserves every byte.
            self._encoding = "latin-1"
            self.text = data.decode(self._encoding)

    def __bytes__(self) -> bytes:
        """Return the packet in its own encoding."""
        return self.text.encode(self._encoding, self._errors)

    def uses(self, namespace: str) -> bool:
        """Return whether there is a property of this namespace."""
        return re.search(rf"[<\s]{self._prefix_pattern(namespace)}:", self.text) is not None

    def get(self, namespace: str, name: str) -> str | None:
        """Return the value of a simple property, or `None` if there is none."""
        match = re.search(self._property_pattern(namespace, name), self.text)
        return match and (match["attribute"] or match["element"] or "").strip()

    def set(self, namespace: str, name: str, value: str) -> None:
        """Replace the value of a simple property wherever it occurs. Never add the property."""
        self.change(namespace, name, lambda _: value)

    def change(self, namespace: str, name: str, transform: Callable[[str], str]) -> None:
        """Replace each value of a simple property with the result of a function."""

        def substitute(match: re.Match) -> str:
            value = match["attribute"] or match["element"] or ""
            return f"{match['before'] or match['open']}{transform(value)}{match['after'] or ''}"

        self.text = re.sub(self._property_pattern(namespace, name), substitute, self.text)

    def change_parts(self, namespace: str, name: str, change: Callable[["Packet"], None]) -> None:
        """Let a function edit each element of this name and its content, as a `part`."""
        tag = f"{self._prefix_pattern(namespace)}:{name}"
        namespaces = self.namespaces

        def substitute(match: re.Match) -> str:
            part = Packet((namespaces + match[0]).encode("utf-8", "surrogateescape"))
            change(part)
            return part.text[len(namespaces) :]

        pattern = rf"<{tag}(?:\s[^<>]*)?/>|<({tag})(?:\s[^<>]*)?>.*?</\1\s*>"
        self.text = re.sub(pattern, substitute, self.text, flags=re.DOTALL)

    def remove(self, namespace: str, name: str = r"[\w.-]+") -> None:
        """Remove a property and its content. Without a name, remove the whole namespace."""
        if not self._prefixes(namespace):
            return
        tag = f"{self._prefix_pattern(namespace)}:{name}"
        self.text = re.sub(
            # Padding is one long run of blanks. Scan it once, not once from each blank.
            rf"""(?<!\s)\s++{tag}\s*=\s*(?:"[^"]*"|'[^']*')"""
            rf"|<{tag}(?:\s[^<>]*)?/>|<({tag})(?:\s[^<>]*)?>.*?</\1\s*>",
            "",
            self.text,
            flags=re.DOTALL,
        )

    def add(self, namespace: str, name: str, value: str, *, prefix: str) -> None:
        """Add a simple property in its own description element."""
        rdf = next(iter(self._prefixes(RDF)), None)
        if rdf is None:
            return  # The packet is damaged, and no reader would find the property.
        description = f'<{rdf}:Description {rdf}:about="" xmlns:{prefix}="{namespace}" '
        description += f'{prefix}:{name}="{value}"/>'
        self.text = re.sub(rf"(?=</{rdf}:RDF\s*>)", lambda _: description, self.text, count=1)

    def list_items(self) -> list[str]:
        """Return the items of all RDF lists, each as text."""
        tag = f"{self._prefix_pattern(RDF)}:li"
        pattern = rf"<{tag}(?:\s[^<>]*)?/>|<{tag}(?:\s[^<>]*)?>.*?</{tag}\s*>"
        return [match[0] for match in re.finditer(pattern, self.text, re.DOTALL)]

    @property
    def namespaces(self) -> str:
        """A tag that declares all prefixes. Without it, a part of the packet cannot be read."""
        return f"<{' '.join(sorted(set(re.findall(_DECLARATION, self.text))))}>"

    def part(self, text: str) -> "Packet":
        """Return a packet with `namespaces` followed by a part of the text."""
        return Packet((self.namespaces + text).encode("utf-8", "surrogateescape"))

    def _prefixes(self, namespace: str) -> list[str]:
        pattern = rf"""xmlns:([\w.-]+)\s*=\s*["']{re.escape(namespace)}["']"""
        return sorted(set(re.findall(pattern, self.text)))

    def _prefix_pattern(self, namespace: str) -> str:
        """Return a pattern for the prefixes of a namespace.

        If there are none, the pattern matches nothing.
        """
        prefixes = self._prefixes(namespace)
        return f"(?:{'|'.join(map(re.escape, prefixes))})" if prefixes else r"(?!)"

    def _property_pattern(self, namespace: str, name: str) -> str:
        tag = f"{self._prefix_pattern(namespace)}:{name}"
        return (
            rf"""(?P<before>(?<=\s){tag}\s*=\s*(?P<quote>["']))(?P<attribute>[^"']*)"""
            rf"""(?P<after>(?P=quote))|(?P<open><{tag}(?:\s[^<>]*)?(?<!/)>)(?P<element>[^<>]*)"""
        )


def without_zeros(data: bytes) -> bytes:
    """Return a packet without the zeros that some formats add. Its last letter may end in one."""
    length = len(data.rstrip(b"\0"))
    return data[: length if _encoding(data) == "utf-8" else length + length % 2]


def with_digital_source_type(data: bytes) -> bytes:
    """Return a packet with IPTC's term for a photograph that an algorithm edited.

    Args:
        data: The packet. If it is empty, a new one is created.
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
