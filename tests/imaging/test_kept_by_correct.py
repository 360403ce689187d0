"""What `python -m keras_f2a.correct` keeps of a file beside its pixels."""

import os
import struct
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin, PngImagePlugin

from keras_f2a import correct
from tests.imaging import written_files as made
from tests.imaging.written_files import (
    XMP_NAME,
    encoded,
    png_chunk,
    segment,
    segments_of,
    with_front,
)
from tests.small_models import save_tflite

pytestmark = pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_tflite(tmp_path_factory.mktemp("model") / "model.tflite")


@pytest.fixture
def image(rng):
    small = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((64, 48), Image.Resampling.BICUBIC)


@pytest.fixture
def corrected(tmp_path, model):
    """Writes a file, corrects it through the command, and returns the path of the result."""

    def correct_file(name, content, expected=None, options=()):
        (tmp_path / name).write_bytes(content)
        output = tmp_path / "out"
        call = [tmp_path / name, "--model", model, "--output", output, "--force", *options]
        assert correct.main([str(part) for part in call]) == 0
        return output / (expected or name)

    return correct_file


def heif(image, **settings):
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    return encoded(image, "HEIF", quality=90, **settings)


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


def xmp_of(path):
    with Image.open(path) as result:
        found = result.info.get("xmp", b"")
        return found.encode() if isinstance(found, str) else found


RATED = made.packet(
    'tiff:Orientation="6" xmp:Rating="5" tiff:ImageWidth="48"',
    f'{made.TIFF} xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
    "<xmp:Thumbnails><rdf:Alt><rdf:li>/9j/</rdf:li></rdf:Alt></xmp:Thumbnails>",
)
UPRIGHT = made.packet(
    'tiff:Orientation="1" xmp:Rating="5" tiff:ImageWidth="64"',
    f'{made.TIFF} xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
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
        content = heif(stored, xmp=RATED)  # Pillow's plugin makes the HEIC's own rotation of it.
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


def test_xmp_of_a_heic_that_a_segment_cannot_hold(corrected, image):
    large = made.packet('a:b="' + "history " * 10_000 + '"', 'xmlns:a="urn:a"')
    path = corrected("a.heic", heif(image, xmp=large), "a.jpg")
    assert large in b"".join(
        content[len(made.PART_NAME) + 40 :]
        for marker, content in segments_of(path.read_bytes())
        if content.startswith(made.PART_NAME)
    )


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


def test_an_orientation_that_imagemagick_wrote_as_text_is_not_applied_twice(corrected, image):
    block = b"Exif\0\0" + made.exif_block(main=[(0x0112, 3, 1, 6)])
    information = PngImagePlugin.PngInfo()
    text = f"\nexif\n{len(block):8}\n{block.hex()}\n"
    information.add_text("Raw profile type exif", text, zip=True)
    path = corrected("a.png", encoded(image, "PNG", pnginfo=information))
    with Image.open(path) as result:
        assert result.size == (48, 64)
        assert result.getexif()[0x0112] == 1
        assert "Raw profile type exif" not in result.info


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


def check_hdr(path, second, size):
    """Reads a result as Ultra HDR readers do: through the index, and through the directory."""
    data = path.read_bytes()
    (_, first_length), (start, length) = made.index_of(data)
    assert first_length == start
    assert data[start : start + length] == second
    assert data[first_length - 2 : first_length] == b"\xff\xd9"
    assert len(data) == start + length
    with Image.open(path) as result:
        result.load()
        assert result.size == size
        pillows = JpegImagePlugin._getmp(result)[0xB002]
    assert [entry["Size"] for entry in pillows] == [first_length, length]
    packet = xmp_of(path)
    if b"Container:Directory" in packet:
        assert packet.count(b"Container:Item ") == 2
        assert f'Item:Length="{length}"'.encode() in packet
        assert b'hdrgm:Version="1.0"' in packet


def test_a_gain_map_stays_behind_the_corrected_picture(corrected, image, caplog):
    path = corrected("a.jpg", made.hdr_jpeg(image))
    check_hdr(path, made.gain_map(), (64, 48))
    assert not caplog.messages


def test_a_gain_map_is_turned_with_its_photograph(corrected, image):
    path = corrected("a.jpg", made.hdr_jpeg(image, orientation=6))
    data = path.read_bytes()
    start, length = made.index_of(data)[1]
    second = data[start : start + length]
    check_hdr(path, second, (48, 64))
    with Image.open(made.io.BytesIO(second)) as turned:
        assert turned.size == (12, 16)
        values = np.asarray(turned, float)
    assert b'hdrgm:GainMapMax="2.3"' in dict(segments_of(second)[::-1])[0xE1]
    with Image.open(made.io.BytesIO(made.gain_map())) as before:
        expected = np.asarray(before.transpose(Image.Transpose.ROTATE_270), float)
    assert np.abs(values - expected).mean() < 2


@pytest.mark.parametrize("kind", ["plain second", "iso", "not announced", "no index", "apple"])
def test_every_kind_of_gain_map_is_found(corrected, image, kind):
    plain = encoded(Image.linear_gradient("L").resize((16, 12)))
    second, content = made.gain_map(), None
    if kind == "plain second":
        second = plain
    elif kind == "iso":
        second = with_front(plain, segment(0xE2, made.ISO_NAME + bytes(60)))
    elif kind == "apple":
        names = 'xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/"'
        numbers = made.packet('HDRGainMap:HDRGainMapVersion="65536"', names)
        second = with_front(plain, segment(0xE1, XMP_NAME + numbers))
    elif kind == "no index":
        content = made.hdr_jpeg(image, second=second)
        place = content.index(b"MPF\0") - 4
        content = content[:place] + content[place + 4 + 86 :]
    announced = kind in ("plain second", "no index")
    content = content or made.hdr_jpeg(image, second=second, announced=announced)
    if kind == "iso":
        content = with_front(content, segment(0xE2, made.ISO_NAME + bytes(4)))
    path = corrected("a.jpg", content)
    check_hdr(path, second, (64, 48))
    if kind == "iso":
        assert (0xE2, made.ISO_NAME + bytes(4)) in segments_of(path.read_bytes())


def test_a_video_is_named_and_the_gain_map_stays(corrected, image, caplog):
    behind = [("MotionPhoto", "video/mp4", len(made.VIDEO))]
    path = corrected("a.jpg", made.hdr_jpeg(image, behind=behind, video=made.VIDEO))
    check_hdr(path, made.gain_map(), (64, 48))
    assert b"MotionPhoto" not in path.read_bytes()
    assert [line.split(": ", 1)[1] for line in caplog.messages] == [
        "its video cannot be corrected; left out"
    ]


DEPTH = 'xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/"'


@pytest.mark.parametrize(
    ("behind", "xmp", "named"),
    [
        (made.VIDEO, made.packet('GCamera:MicroVideo="1"', made.CAMERA), "video"),
        (made.VIDEO, b"", "video"),
        (b"\0\0\x30\x0aMotionPhoto_Data" + made.VIDEO + b"SEFT", b"", "video"),
        (b"", made.packet('GDepth:Data="iVBORw0KGgo="', DEPTH), "depth map"),
        (b"\0\0\0\x0bDualShot_DepthMap_1SEFT", b"", "depth map"),
    ],
)  # fmt: skip
def test_what_cannot_be_corrected_is_named_once(corrected, image, caplog, behind, xmp, named):
    front = [segment(0xE1, XMP_NAME + xmp)] if xmp else []
    path = corrected("a.jpg", with_front(encoded(image), *front) + behind)
    assert [line.split(": ", 1)[1] for line in caplog.messages] == [
        f"its {named} cannot be corrected; left out"
    ]
    data = path.read_bytes()
    assert data.endswith(b"\xff\xd9")
    assert not any(word in data for word in (b"MicroVideo", b"GDepth:Data", b"ftyp", b"SEFT"))


def test_a_video_in_a_heic_is_named(corrected, image, caplog):
    content = heif(image) + struct.pack(">I", 8 + len(made.VIDEO)) + b"mpvd" + made.VIDEO
    corrected("a.heic", content, "a.jpg")
    assert any("its video cannot be corrected" in line for line in caplog.messages)


def test_a_plain_photograph_has_no_note(corrected, image, caplog):
    corrected("a.jpg", encoded(image))
    assert not caplog.messages
