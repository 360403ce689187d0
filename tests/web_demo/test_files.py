"""The page and the package read and write files alike, including damaged files."""

import base64
import json
import re
import struct

import numpy as np
from PIL import Image

from keras_f2a.imaging.conversion import UPRIGHT
from keras_f2a.imaging.exif import exif_of_upright_image, flash_fired
from keras_f2a.imaging.metadata import read_metadata
from tests.imaging import test_previews as makers
from tests.imaging import test_regions as regions
from tests.imaging import written_files as made
from tests.imaging.written_files import encoded, segment, with_front
from tests.web_demo import node

WIDTH, HEIGHT = 64, 48
# The tags of a thumbnail's position and length.
THUMBNAIL_TAGS = (0x0201, 0x0202), (0x0111, 0x0117)
LEFT_OUT = {"video": "video", "depth map": "depth", "sound": "sound"}


def test_the_page_keeps_what_the_package_keeps(tmp_path, rng):
    node.install()
    cases = [_exif_case(block) for block in _damaged(_blocks(), rng, 15)]
    cases += [_exif_case(_subject_block(turned), turned) for turned in range(2, 9)]
    cases += [_jpeg_case(data, tmp_path) for data in _damaged(_jpegs(), rng, 25)]
    cases += [
        _jpeg_case(regions.content(turned), tmp_path, UPRIGHT[turned]) for turned in range(2, 9)
    ]
    inside = [regions.mwg(regions.elements), *regions.DAMAGED]
    cases += [_jpeg_case(regions.content(6, one), tmp_path, UPRIGHT[6]) for one in inside]
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    printed = node.run(
        *("vitest", "run", "--project", "core", "tests/files/port.test.ts"),
        CASES=tmp_path / "cases.json",
    )
    compared, of = map(int, re.search(r"(\d+) of (\d+) files compared", printed).groups())
    assert of == len(cases)
    assert compared > 0.9 * of


def _exif_case(block, orientation=1):
    turn = UPRIGHT.get(orientation)
    expected = exif_of_upright_image(block, WIDTH, HEIGHT, turn=turn).removeprefix(b"Exif\0\0")
    return {"exif": _text(block), "expected": _text(expected), "flashFired": flash_fired(block)}


def _jpeg_case(data, folder, turn=None):
    (folder / "a.jpg").write_bytes(data)
    kept = read_metadata(folder / "a.jpg", {}, size=(WIDTH, HEIGHT), turn=turn)
    return {
        "jpeg": _text(data),
        "packet": _text(kept.xmp.packet),
        "extension": _text(kept.xmp.extension),
        "photoshop": [_text(bytes(each)) for each in kept.photoshop],
        "gainMap": None if kept.gain_map is None else _text(kept.gain_map.jpeg),
        "leftOut": sorted(LEFT_OUT[each] for each in kept.left_out),
    }


def _blocks():
    """Return EXIF blocks with notes of several makers, in both byte orders."""
    notes = (makers.nikon, makers.olympus, makers.samsung, makers.pentax, makers.canon)
    previews = (makers.PREVIEW, makers.FRAGMENT)
    blocks = [made.exif_block(note(preview)[0]) for note in notes for preview in previews]
    main, details = [(0x0100, 4, 1, 1), (0x0112, 3, 1, 6)], [(0xA002, 4, 1, 1)]
    blocks += [made.exif_block(b"", main, details, order) for order in "<>"]
    blocks += [made.exif_block(b"", 2 * main, 2 * details, order) for order in "<>"]
    flashes = [[(0x9209, 3, 1, value)] for value in (0, 25)]
    blocks += [made.exif_block(b"", main, flash, order) for flash in flashes for order in "<>"]
    blocks += [
        made.exif_block(main=2 * [(0x0100, 4, 1, 9)] + [(0x0112, 3, 1, 6), (0x0112, 3, 1, 3)])
    ]
    blocks += [_thumbnail_block(tags, order) for tags in THUMBNAIL_TAGS for order in "<>"]
    return [(block, (0, 26, 44, 60, 90)) for block in blocks]


def _thumbnail_block(tags, order):
    """An EXIF block with a thumbnail that is truncated or not compressed."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    main = made.ifd([(0x0112, 3, 1, 1)], 8, order, following=26)
    second = made.ifd([(tags[0], 4, 1, 56), (tags[1], 4, 1, 7)], 26, order)
    return head + main + second + b"of then" + b"and more"


def _subject_block(orientation):
    """An EXIF block with the subject's area and its center, and with unequal resolutions."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x011A], exif[0x011B] = 72, 144
    exif[0x8769] = {0x9214: (40, 12, 12, 8), 0xA214: (40, 12), 0xA20E: 3000.5, 0xA20F: 1500.5}
    return exif.tobytes().removeprefix(b"Exif\0\0")


def _jpegs():
    """Return JPEG files like those of phones and archives, and the offsets where damage matters."""
    image = Image.linear_gradient("L").resize((WIDTH, HEIGHT)).convert("RGB")
    motion = [("MotionPhoto", "video/mp4", len(made.VIDEO))]
    phone = made.hdr_jpeg(image, behind=motion, video=made.VIDEO)
    caption = b"8BIM\x04\x04\0\0\0\0\0\x0d\x1c\x02\x78\0\x08a dinner\0"
    preview = b"8BIM\x04\x0c\x03abc\0\0\0\x06\xff\xd8\xff12\xd9"
    packet = made.packet('tiff:Orientation="6"', made.TIFF)
    archive = with_front(
        encoded(image),
        segment(0xE1, made.XMP_NAME + packet.decode().encode("utf-16-le")),
        segment(0xED, b"Photoshop 3.0\0" + caption + preview + caption),
    )
    depth = 'xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/"'
    portrait = made.packet('GDepth:Data="iVBORw0KGgo="', depth)
    behind = b"\0\0\0\x0bDualShot_DepthMap_1SEFT" + b"\0\0SoundShot_Meta_Info"
    portrait = with_front(encoded(image), segment(0xE1, made.XMP_NAME + portrait)) + behind
    return [
        (data, [data.index(mark) for mark in marks])
        for data, marks in (
            (phone, (b"MPF\0", b"Item:Semantic", b"<rdf:Seq", b"ftyp", b"\xff\xd9\xff\xd8")),
            (archive, (b"8BIM", b"Photoshop", b"t\0i\0f\0f\0:\0O")),
            (portrait, (b"GDepth:Data", b"DualShot", b"Sound")),
        )
    ]


def _damaged(files, rng, count):
    """Yield each file, and copies with random bytes at the offsets that matter."""
    for data, places in files:
        yield data
        for _ in range(count):
            copy = np.frombuffer(data, np.uint8).copy()
            for _ in range(int(rng.integers(1, 6))):
                place = int(rng.choice(places)) + int(rng.integers(0, 30))
                copy[min(place, len(copy) - 1)] = rng.integers(256)
            yield copy.tobytes()


def _text(data):
    return base64.b64encode(data).decode()
