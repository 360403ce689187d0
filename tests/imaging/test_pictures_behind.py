"""What `keras-f2a correct` does with data after the picture: gain maps, depth maps, videos."""

import struct

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from tests.imaging import written_files as made
from tests.imaging.kept_files import heif, xmp_of
from tests.imaging.written_files import (
    XMP_NAME,
    encoded,
    segment,
    segments_of,
    with_front,
)

pytestmark = pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO")


def check_hdr(path, second, size):
    """Read a result the way Ultra HDR readers do, both through the index and the directory."""
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


DYNAMIC_DEPTH = 'xmlns:Device="http://ns.google.com/photos/dd/1.0/device/"'
DEVICE = "<Device:Container><rdf:Seq/></Device:Container>"
DEPTH = 'xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/"'


@pytest.mark.parametrize(
    ("behind", "xmp", "named"),
    [
        (made.VIDEO, made.packet('GCamera:MicroVideo="1"', made.CAMERA), "video"),
        (made.VIDEO, b"", "video"),
        (b"\0\0\x30\x0aMotionPhoto_Data" + made.VIDEO + b"SEFT", b"", "video"),
        (b"", made.packet('GDepth:Data="iVBORw0KGgo="', DEPTH), "depth map"),
        (b"", made.packet(namespaces=DYNAMIC_DEPTH, inside=DEVICE), "depth map"),
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
    assert not any(
        word in data for word in (b"MicroVideo", b"GDepth:Data", b"Device:C", b"ftyp", b"SEFT")
    )


def test_a_video_in_a_heic_is_named(corrected, image, caplog):
    content = heif(image) + struct.pack(">I", 8 + len(made.VIDEO)) + b"mpvd" + made.VIDEO
    corrected("a.heic", content, "a.jpg")
    assert any("its video cannot be corrected" in line for line in caplog.messages)


def test_a_plain_photograph_has_no_note(corrected, image, caplog):
    corrected("a.jpg", encoded(image))
    assert not caplog.messages
