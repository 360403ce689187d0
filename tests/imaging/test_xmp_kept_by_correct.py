"""What `keras-f2a correct` keeps of XMP, and what it changes."""

import struct
from xml.etree import ElementTree

import pytest
from PIL import Image, PngImagePlugin, TiffImagePlugin

from keras_f2a.imaging.exif_tags import as_stored
from tests.imaging import written_files as made
from tests.imaging.kept_files import RATED, UPRIGHT, heif, xmp_of
from tests.imaging.written_files import (
    XMP_NAME,
    encoded,
    png_chunk,
    segment,
    segments_of,
    with_front,
)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "heic"])
def test_xmp_is_kept_with_orientation_1_and_without_its_preview(corrected, image, suffix):
    stored = image.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    settings = {"exif": exif.tobytes(), "xmp": RATED}
    if suffix == "png":
        information = PngImagePlugin.PngInfo()
        information.add_itxt("XML:com.adobe.xmp", RATED.decode())
        settings = {"exif": exif.tobytes(), "pnginfo": information}
    if suffix == "heic":
        content = heif(stored, xmp=RATED)  # pillow-heif stores it as HEIC's own rotation.
    else:
        content = encoded(stored, {"jpg": "JPEG"}.get(suffix, suffix.upper()), **settings)
    path = corrected(f"a.{suffix}", content, "a.jpg" if suffix == "heic" else None)
    assert xmp_of(path) == UPRIGHT
    with Image.open(path) as result:
        assert result.size == (64, 48)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_an_orientation_in_an_element_and_under_another_prefix(corrected, image, encoding):
    inside, names = "<t:Orientation>8</t:Orientation>", 'xmlns:t="http://ns.adobe.com/tiff/1.0/"'
    before = made.packet(namespaces=names, inside=inside).decode().encode(encoding)
    path = corrected("a.jpg", with_front(encoded(image), segment(0xE1, XMP_NAME + before)))
    after = made.packet(namespaces=names, inside=inside.replace("8", "1")).decode()
    assert xmp_of(path) == after.encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("suffix", ["webp", "avif"])
def test_zeros_of_utf_16_are_no_padding(corrected, image, encoding, suffix):
    before, after = (
        made.packet(f'tiff:Orientation="{number}"', made.TIFF).decode().encode(encoding)
        for number in (6, 1)
    )
    path = corrected(f"a.{suffix}", encoded(image, suffix.upper(), xmp=before))
    assert xmp_of(path) == after


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_ends_within_a_letter_stays(corrected, image, encoding):
    before = made.packet('tiff:Orientation="1"', made.TIFF).decode().encode(encoding) + b"\xff"
    path = corrected("a.jpg", with_front(encoded(image), segment(0xE1, XMP_NAME + before)))
    assert xmp_of(path) == before


def test_a_tiff_may_store_its_packet_as_a_text(corrected, image):
    """Pillow reads it as Latin-1, whatever it is."""
    before = made.packet('tiff:Orientation="1" dc:title="Caf\u00e9 \u4e2d"', made.TIFF)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags.tagtype[700] = 2
    tags[700] = as_stored(before.decode("latin-1"))
    path = corrected("a.tif", encoded(image, "TIFF", tiffinfo=tags))
    assert xmp_of(path) == before


def test_a_packet_may_have_long_padding(corrected, image):
    """The padding once took quadratic time."""
    inside = "<t:Orientation>8</t:Orientation>" + " " * 900_000
    names = 'xmlns:t="http://ns.adobe.com/tiff/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    information = PngImagePlugin.PngInfo()
    packet = made.packet(namespaces=names, inside=inside).decode()
    information.add_itxt("XML:com.adobe.xmp", packet)
    path = corrected("a.png", encoded(image, "PNG", pnginfo=information))
    assert xmp_of(path).decode() == packet.replace("8</t", "1</t")


def extended(extension, name):
    parts, front = [extension[:50_000], extension[50_000:]], []
    for start, part in zip((0, 50_000), parts, strict=True):
        head = made.PART_NAME + name + struct.pack(">II", len(extension), start)
        front.append(segment(0xE1, head + part))
    return front


def test_extended_xmp_is_kept_in_its_parts(corrected, image):
    name = b"0123456789ABCDEF0123456789ABCDEF"
    note = 'xmlns:xmpNote="http://ns.adobe.com/xmp/note/"'
    main = made.packet(f'xmpNote:HasExtendedXMP="{name.decode()}"', note)
    extension = made.packet('a:b="' + "history " * 10_000 + '"', 'xmlns:a="urn:a"')
    front = [segment(0xE1, XMP_NAME + main), *extended(extension, name)[::-1]]
    path = corrected("a.jpg", with_front(encoded(image), *front))
    segments = [content for marker, content in segments_of(path.read_bytes()) if marker == 0xE1]
    parts = [content for content in segments if content.startswith(made.PART_NAME)]
    header = len(made.PART_NAME) + 40
    assert b"".join(part[header:] for part in parts) == extension
    identifier = {part[len(made.PART_NAME) : header - 8] for part in parts}
    assert len(identifier) == 1
    assert identifier.pop() in xmp_of(path)


def test_an_extension_is_brought_in_line_too(corrected, image):
    names = f'xmlns:xmp="http://ns.adobe.com/xap/1.0/" {made.TIFF}'
    inside = "<xmp:Thumbnails>of before</xmp:Thumbnails>"
    extension = made.packet(f'tiff:Orientation="6" xmp:Label="{"x" * 60_000}"', names, inside)
    name = b"0123456789ABCDEF0123456789ABCDEF"
    note = 'xmlns:xmpNote="http://ns.adobe.com/xmp/note/"'
    main = made.packet(f'xmpNote:HasExtendedXMP="{name.decode()}"', note)
    front = [segment(0xE1, XMP_NAME + main), *extended(extension, name)]
    result = corrected("a.jpg", with_front(encoded(image), *front)).read_bytes()
    assert b'tiff:Orientation="1"' in result and b"of before" not in result


def test_a_list_may_be_long(corrected, image):
    """Photoshop's list of ancestors once took quadratic time."""
    inside = "<rdf:Bag>" + "<rdf:li>xmp.did:1</rdf:li>" * 60_000 + "</rdf:Bag>"
    information = PngImagePlugin.PngInfo()
    packet = made.packet(namespaces=made.HDR, inside=inside).decode()
    information.add_itxt("XML:com.adobe.xmp", packet)
    path = corrected("a.png", encoded(image, "PNG", pnginfo=information))
    assert xmp_of(path).decode() == packet


def test_xmp_of_a_heic_that_a_segment_cannot_hold(corrected, image):
    large = made.packet('a:b="' + "history " * 10_000 + '"', 'xmlns:a="urn:a"')
    path = corrected("a.heic", heif(image, xmp=large), "a.jpg")
    assert large in b"".join(
        content[len(made.PART_NAME) + 40 :]
        for marker, content in segments_of(path.read_bytes())
        if content.startswith(made.PART_NAME)
    )


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
@pytest.mark.parametrize("xmp", [b"", UPRIGHT])
def test_a_result_can_say_that_an_algorithm_edited_it(corrected, image, suffix, xmp):
    content = encoded(image, {"jpg": "JPEG"}.get(suffix, suffix.upper()), xmp=xmp)
    if suffix == "png" and xmp:
        chunk = png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
        content = content[:33] + chunk + content[33:]
    path = corrected(f"a.{suffix}", content, options=["--mark-edited"])
    root = ElementTree.fromstring(xmp_of(path).decode())
    types = [
        description.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
        for description in root.iter()
    ]
    word = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
    assert types.count(word) == 1
    assert (b'xmp:Rating="5"' in xmp_of(path)) == bool(xmp)
