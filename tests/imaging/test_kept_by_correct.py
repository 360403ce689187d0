"""What `keras-f2a correct` keeps of a file in addition to its pixels."""

import os
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from keras_f2a import correct
from keras_f2a.imaging.exif import exif_of_upright_image
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

pytestmark = pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO")


COMMENT = bytes(range(1, 251)) * 360


def large_exif():
    return made.exif_block(main=[(0x0112, 3, 1, 1)], details=[(0x9286, 7, len(COMMENT), COMMENT)])


@pytest.mark.parametrize("source", ["jpeg", "heic"])
def test_exif_of_more_than_64_kb_is_kept_in_several_segments(corrected, image, source):
    if source == "heic":
        path = corrected("a.heic", heif(image, exif=large_exif()), "a.jpg")
    else:
        parts = [large_exif()[start : start + 60_000] for start in (0, 60_000)]
        front = [segment(0xE1, b"Exif\0\0" + part) for part in parts]
        path = corrected("a.jpg", with_front(encoded(image), *front))
    parts = [content for marker, content in segments_of(path.read_bytes()) if marker == 0xE1]
    assert len(parts) == 2
    assert all(part.startswith(b"Exif\0\0") for part in parts)
    with Image.open(path) as result:
        assert result.getexif().get_ifd(0x8769)[0x9286] == COMMENT


CAPTION = b"8BIM\x04\x04\0\0\0\0\0\x0d\x1c\x02\x78\0\x08a dinner\0"
THUMBNAIL = b"8BIM\x04\x0c\x03abc\0\0\0\x06\xff\xd8\xff12\xd9"


def photoshop_of(path):
    found = [content for marker, content in segments_of(path.read_bytes()) if marker == 0xED]
    return b"|".join(found)


def test_iptc_captions_stay_byte_for_byte(corrected, image):
    block = b"Photoshop 3.0\0" + CAPTION
    path = corrected("a.jpg", with_front(encoded(image), segment(0xED, block)))
    assert photoshop_of(path) == block
    with Image.open(path) as result:
        from PIL import IptcImagePlugin

        assert IptcImagePlugin.getiptcinfo(result)[2, 120] == b"a dinner"


def test_photoshops_preview_of_the_uncorrected_photograph_goes(corrected, image):
    block = b"Photoshop 3.0\0" + CAPTION + THUMBNAIL + CAPTION
    path = corrected("a.jpg", with_front(encoded(image), segment(0xED, block)))
    assert photoshop_of(path) == b"Photoshop 3.0\0" + CAPTION + CAPTION


def test_damaged_metadata_does_not_cost_the_photograph(corrected, image, rng):
    whole = made.packet('tiff:Orientation="6"', made.TIFF)
    for damaged in (b"\xff\xfe<\0x", b"\0", b"\xff\xfe\0\xd8", whole[:200], whole[::-1], b"\0<\0"):
        front = [segment(0xE1, XMP_NAME + damaged), segment(0xED, b"Photoshop 3.0\0" + damaged)]
        path = corrected("a.jpg", with_front(encoded(image), *front))
        assert photoshop_of(path) == b"Photoshop 3.0\0" + damaged
    full = with_front(
        made.hdr_jpeg(image, orientation=6, video=made.VIDEO),
        segment(0xED, b"Photoshop 3.0\0" + CAPTION + THUMBNAIL),
    )
    for _ in range(20):
        content = bytearray(full)
        places = [full.index(b"8BIM"), full.index(b"MPF\0"), full.index(b"<?xpacket")]
        for _ in range(20):
            content[int(rng.choice(places)) + int(rng.integers(0, 30))] = int(rng.integers(256))
        corrected("a.jpg", bytes(content))


CHUNKS = {
    b"tEXt": b"Title\0a dinner",
    b"zTXt": b"Comment\0\0" + zlib.compress(b"long " * 40),
    b"iTXt": b"Author\0\0\0es\0Autora\0Mar\xc3\xada",
    b"tIME": b"\x07\xe8\x0c\x18\x12\0\0",
    b"gAMA": struct.pack(">I", 45455),
    b"cHRM": struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000),
    b"cICP": bytes([12, 13, 0, 1]),
    b"pHYs": struct.pack(">IIB", 3779, 3779, 1),
}


def test_chunks_of_a_png_stay_byte_for_byte(corrected, image):
    plain = encoded(image, "PNG")
    after_header = 8 + 25
    extra = b"".join(png_chunk(name, content) for name, content in CHUNKS.items())
    path = corrected("a.png", plain[:after_header] + extra + plain[after_header:])
    result, position, found = path.read_bytes(), 8, {}
    while position < len(result):
        (size,) = struct.unpack_from(">I", result, position)
        name, content = result[position + 4 : position + 8], result[position + 8 :][:size]
        assert name == b"IDAT" or name not in found
        assert result[position : position + 12 + size] == png_chunk(name, content)
        found[name] = content
        position += 12 + size
    assert {name: found.get(name) for name in CHUNKS} == CHUNKS
    assert list(found).index(b"cICP") < list(found).index(b"IDAT")


@pytest.mark.parametrize("compressed", [False, True])
def test_photoshops_preview_in_a_png_goes(corrected, image, compressed):
    caption = b"8BIM\x04\x04\0\0\0\0\0\x04text"
    blocks = caption + b"8BIM\x04\x0c\0\0\0\0\0\x06before"
    information = PngImagePlugin.PngInfo()
    text = f"\n8bim\n{len(blocks):8}\n{blocks.hex()}\n"
    information.add_text("Raw profile type 8bim", text, zip=compressed)
    path = corrected("a.png", encoded(image, "PNG", pnginfo=information))
    with Image.open(path) as result:
        kept = result.text["Raw profile type 8bim"].split()
    assert (kept[0], int(kept[1])) == ("8bim", len(caption))
    assert bytes.fromhex("".join(kept[2:])) == caption


def hexadecimal(name, content):
    """A profile as ImageMagick writes it, in lines of 72 digits."""
    lines = [content.hex()[start : start + 72] for start in range(0, 2 * len(content), 72)]
    return "\n".join(["", name, f"{len(content):8}", *lines, ""])


@pytest.mark.parametrize("name", ["exif", "APP1"])
def test_an_orientation_that_imagemagick_wrote_as_text_is_not_applied_twice(corrected, image, name):
    block = b"Exif\0\0" + made.exif_block(main=[(0x0112, 3, 1, 6)])
    information = PngImagePlugin.PngInfo()
    information.add_text(f"Raw profile type {name}", hexadecimal(name, block), zip=True)
    path = corrected("a.png", encoded(image, "PNG", pnginfo=information))
    with Image.open(path) as result:
        assert result.size == (48, 64)
        assert result.getexif()[0x0112] == 1
        assert f"Raw profile type {name}" not in result.info
        upright = exif_of_upright_image(block, 48, 64)
        assert result.info["exif"] == upright


@pytest.mark.parametrize("name", ["xmp", "APP1"])
@pytest.mark.parametrize("compressed", [False, True])
def test_xmp_that_imagemagick_wrote_as_text_is_kept(corrected, image, name, compressed):
    content = (made.XMP_NAME if name == "APP1" else b"") + RATED
    information = PngImagePlugin.PngInfo()
    information.add_text(f"Raw profile type {name}", hexadecimal(name, content), zip=compressed)
    assert xmp_of(corrected("a.png", encoded(image, "PNG", pnginfo=information))) == UPRIGHT


@pytest.mark.parametrize("text", ["", "\nxmp\n  3\n", "\nxmp\n  3\nxyz\n", "\nAPP1\n  2\n6162\n"])
def test_a_damaged_profile_in_a_text_is_left_out(corrected, image, text):
    information = PngImagePlugin.PngInfo()
    for name in ("xmp", "APP1"):
        information.add_text(f"Raw profile type {name}", text)
    path = corrected("a.png", encoded(image, "PNG", pnginfo=information))
    assert xmp_of(path) in (b"", b"ab")


def test_a_comment_stays(corrected, image):
    path = corrected("a.jpg", encoded(image, comment=b"at the lake"))
    with Image.open(path) as result:
        assert result.info["comment"] == b"at the lake"


def test_the_result_keeps_the_time_of_the_photograph(tmp_path, model, image):
    then = 1_100_000_000_123_456_700
    for name in "a.jpg", "b.png", "c.webp":
        image.save(tmp_path / name)
        os.utime(tmp_path / name, ns=(then, then))
    output = tmp_path / "out"
    call = [tmp_path, "--model", model]
    assert correct.main([str(part) for part in [*call, "--output", output]]) == 0
    assert correct.main([str(part) for part in [*call, "--output", tmp_path, "--force"]]) == 0
    for folder in output, tmp_path:
        for name in "a.jpg", "b.png", "c.webp":
            assert (folder / name).stat().st_mtime_ns == then
    now = [*call, "--output", output, "--force", "--no-keep-time"]
    assert correct.main([str(part) for part in now]) == 0
    assert (output / "a.jpg").stat().st_mtime > then / 1e9 + 1000


@pytest.mark.parametrize("orientation", [1, 3, 5, 6, 8])
@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
def test_an_unequal_resolution_turns_with_the_pixels(corrected, image, suffix, orientation):
    exif = Image.Exif()
    exif[0x0112], exif[0x011A], exif[0x011B] = orientation, 96, 192
    exif[0x8769] = {0xA20E: IFDRational(3000), 0xA20F: IFDRational(1500)}
    xmp = made.packet('tiff:XResolution="96/1" tiff:YResolution="192/1"', made.TIFF)
    settings = {"exif": exif.tobytes(), "dpi": (96, 192)}
    if suffix == "jpg":
        settings["xmp"] = xmp
    image_format = {"jpg": "JPEG", "png": "PNG", "tif": "TIFF"}[suffix]
    content = encoded(image, image_format, **settings)
    if suffix == "png":
        scale = png_chunk(b"sCAL", b"\x010.1\x000.2")
        content = content[:33] + scale + content[33:]
    path = corrected(f"a.{suffix}", content)
    is_turned = orientation > 4
    with Image.open(path) as result:
        expected = (192, 96) if is_turned else (96, 192)
        assert result.info["dpi"] == pytest.approx(expected, abs=0.1)
        tags = result.getexif()
        assert (tags[0x011A], tags[0x011B]) == expected
        sensor = tags.get_ifd(0x8769)
        assert (sensor[0xA20E], sensor[0xA20F]) == ((1500, 3000) if is_turned else (3000, 1500))
    if suffix == "jpg":
        x, y = expected
        assert f'tiff:XResolution="{x}/1" tiff:YResolution="{y}/1"'.encode() in xmp_of(path)
    if suffix == "png":
        scale = dict(made.chunks_of(path.read_bytes()))[b"sCAL"]
        assert scale == (b"\x010.2\x000.1" if is_turned else b"\x010.1\x000.2")
