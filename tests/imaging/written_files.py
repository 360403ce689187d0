"""Writes files as phones and cameras do, and reads results without the code under test."""

import io
import struct
import zlib

from PIL import Image

XMP_NAME = b"http://ns.adobe.com/xap/1.0/\0"
PART_NAME = b"http://ns.adobe.com/xmp/extension/\0"
ISO_NAME = b"urn:iso:std:iso:ts:21496:-1\0"
VIDEO = struct.pack(">I", 24) + b"ftypmp42\0\0\0\0mp42isom" + b"\0\0\0\x08mdat" * 20


def encoded(image, image_format="JPEG", **settings):
    """Return the image as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, image_format, **settings)
    return file.getvalue()


def segment(marker, content):
    """Return a segment of a JPEG file."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def with_front(jpeg, *segments):
    """Return a JPEG file with segments inserted before its own."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def png_chunk(name, content):
    """Return a PNG chunk."""
    ends = struct.pack(">I", len(content)), struct.pack(">I", zlib.crc32(name + content))
    return ends[0] + name + content + ends[1]


def chunks_of(png):
    """Return the name and the content of each PNG chunk."""
    position, found = 8, []
    while position < len(png):
        (size,) = struct.unpack_from(">I", png, position)
        found.append((png[position + 4 : position + 8], png[position + 8 :][:size]))
        position += 12 + size
    return found


def segments_of(jpeg):
    """Return the marker and the content of each JPEG segment before the pixels."""
    position, found = 2, []
    while jpeg[position + 1] != 0xDA:
        (size,) = struct.unpack_from(">H", jpeg, position + 2)
        found.append((jpeg[position + 1], jpeg[position + 4 : position + 2 + size]))
        position += 2 + size
    return found


def packet(properties="", namespaces="", inside=""):
    """Return an XMP packet."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta '
        'xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {namespaces} {properties}>{inside}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>\n    \n<?xpacket end='w'?>"
    ).encode()


TIFF = 'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
CAMERA = 'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"'
HDR = (
    'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" '
    'xmlns:Container="http://ns.google.com/photos/1.0/container/" '
    'xmlns:Item="http://ns.google.com/photos/1.0/container/item/"'
)


def directory(*items):
    """Return an XMP list of a file's parts, each with its semantic, MIME type and length."""
    inside = "".join(
        f'<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="{semantic}" '
        f'Item:Mime="{mime}" Item:Length="{length}"/></rdf:li>'
        for semantic, mime, length in items
    )
    return f"<Container:Directory><rdf:Seq>{inside}</rdf:Seq></Container:Directory>"


def gain_map(size=(16, 12)):
    """Return a gain map with its metadata, brighter on the right."""
    ramp = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize(size)
    numbers = 'hdrgm:Version="1.0" hdrgm:GainMapMin="0" hdrgm:GainMapMax="2.3" '
    numbers += 'hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2.3"'
    return with_front(
        encoded(ramp, quality=90), segment(0xE1, XMP_NAME + packet(numbers, namespaces=HDR))
    )


def hdr_jpeg(image, *, orientation=1, behind=(), video=b"", announced=True, second=None):
    """Return a phone's HDR photograph: a JPEG, then its gain map and possibly a video."""
    second = gain_map() if second is None else second
    items = [("Primary", "image/jpeg", 0), ("GainMap", "image/jpeg", len(second)), *behind]
    properties = 'hdrgm:Version="1.0"' + (' GCamera:MotionPhoto="1"' if video else "")
    exif = Image.Exif()
    exif[0x0112] = orientation
    front = [segment(0xE1, XMP_NAME + packet(properties, f"{HDR} {CAMERA}", directory(*items)))]
    primary = encoded(image, quality=90, exif=exif)
    if announced:
        primary = with_front(primary, *front)
    return with_index(primary, second) + second + video


def with_index(primary, second):
    """Return a JPEG file with an index that lists its second picture (CIPA DC-007)."""
    entries = struct.pack(">LLLHH", 0x030000, 0, 0, 0, 0)
    head = b"MPF\0MM\0\x2a\0\0\0\x08" + struct.pack(">H", 3)
    head += struct.pack(">HHL4s", 0xB000, 7, 4, b"0100")
    head += struct.pack(">HHLL", 0xB001, 4, 1, 2) + struct.pack(">HHLL", 0xB002, 7, 32, 50)
    whole = len(primary) + 4 + len(head) + 4 + 32
    entries = struct.pack(">LLLHH", 0x030000, whole, 0, 0, 0)
    entries += struct.pack(">LLLHH", 0, len(second), whole - 10, 0, 0)
    return with_front(primary, segment(0xE2, head + b"\0\0\0\0" + entries))


def index_of(jpeg):
    """Return the start and the length of each picture according to a JPEG file's index."""
    position = jpeg.index(b"MPF\0") + 4
    order = "<" if jpeg[position : position + 2] == b"II" else ">"
    (directory_at,) = struct.unpack_from(order + "L", jpeg, position + 4)
    (count,) = struct.unpack_from(order + "H", jpeg, position + directory_at)
    for number in range(count):
        entry = position + directory_at + 2 + 12 * number
        tag, _, size, at = struct.unpack_from(order + "HHLL", jpeg, entry)
        if tag == 0xB002:
            found = [
                struct.unpack_from(order + "LLL", jpeg, position + at + 16 * index)
                for index in range(size // 16)
            ]
            return [(position + start if start else 0, length) for _, length, start in found]
    raise AssertionError("no entries")


def ifd(entries, start, order="<", following=0):
    """Return a TIFF directory from (tag, type, count, value or bytes) entries, and their data."""
    table, data = b"", b""
    data_at = start + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in entries:
        if isinstance(value, bytes):
            place = struct.pack(order + "L", data_at + len(data))
            if len(value) <= 4:
                place = value.ljust(4, b"\0")
            else:
                data += value
        else:
            form = "HH" if kind == 3 else "L"
            place = struct.pack(order + form, *([value, 0] if kind == 3 else [value]))
        table += struct.pack(order + "HHL", tag, kind, count) + place
    head = struct.pack(order + "H", len(entries))
    return head + table + struct.pack(order + "L", following) + data


def exif_block(note=b"", main=(), details=(), order="<"):
    """Return an EXIF block with a maker note, starting at the byte order."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    main = [*main, (0x8769, 4, 1, 0)]
    inner_at = 8 + len(ifd(main, 8, order))
    main[-1] = (0x8769, 4, 1, inner_at)
    details = [*details, *([(0x927C, 7, len(note), note)] if note else [])]
    return head + ifd(main, 8, order) + ifd(details, inner_at, order)
