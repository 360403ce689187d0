"""Colors that only code points (CICP) describe, in HEIC, AVIF and PNG."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from keras_f2a.imaging.hevc_colors import hevc_colors
from keras_f2a.imaging.photo import open_photo
from keras_f2a.imaging.tone_mapping import tone_curve
from keras_f2a.support.errors import InputError
from tests.imaging.command import correct

P3 = 12, 13


def shown(image, profile):
    """Return the values that an sRGB display shows."""
    if not profile:
        return np.asarray(image).astype(int)
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    target = ImageCms.createProfile("sRGB")
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    return np.asarray(
        ImageCms.profileToProfile(image, source, target, intent, outputMode="RGB")
    ).astype(int)


def with_codes(image, path, codes, depth=8, first=None):
    """Write an RGB array of uint16, with white at 65535, and these color codes.

    A HEIC file may have another picture before it.
    """
    primaries, transfer = codes
    if path.suffix == ".heic":
        heif = pytest.importorskip("pillow_heif")
        height, width, _ = image.shape
        matrix = {1: 1, 9: 9, 12: 1}[primaries]
        mode, data = ("RGB;16", image) if depth > 8 else ("RGB", (image // 257).astype(np.uint8))
        pictures = heif.from_bytes(mode, (width, height), data.tobytes())
        if first is not None:
            pictures = heif.from_bytes(mode, (width, height), first.tobytes())
            pictures.add_frombytes(mode, (width, height), data.tobytes())
        pictures.save(
            path,
            primary_index=-1,
            quality=-1,
            chroma=444,
            save_nclx_profile=True,
            color_primaries=primaries,
            transfer_characteristics=transfer,
            matrix_coefficients=matrix,
        )
    elif path.suffix == ".avif":
        bgr = (image >> (16 - depth)).astype(np.uint8 if depth == 8 else np.uint16)[..., ::-1]
        settings = [cv2.IMWRITE_AVIF_QUALITY, 100, cv2.IMWRITE_AVIF_DEPTH, depth]
        content = bytearray(cv2.imencode(".avif", np.ascontiguousarray(bgr), settings)[1].tobytes())
        place = content.index(b"nclx") + 4
        content[place : place + 4] = struct.pack(">HH", primaries, transfer)
        path.write_bytes(content)
    else:
        content = cv2.imencode(".png", image[..., ::-1])[1].tobytes()
        chunk = b"cICP" + bytes([primaries, transfer, 0, 1])
        end = 8 + 25
        chunk = struct.pack(">I", 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        path.write_bytes(content[:end] + chunk + content[end:])
    return path


def plain(*color):
    return np.tile(np.array(color, np.uint16) * 257, (64, 64, 1))


@pytest.mark.parametrize("suffix", [".heic", ".avif", ".png"])
def test_display_p3(tmp_path, suffix):
    path = with_codes(plain(200, 150, 120), tmp_path / f"photo{suffix}", P3)
    assert correct(path, "--output", tmp_path / "out", "--strength", 0).returncode == 0
    (result,) = (tmp_path / "out").iterdir()
    with Image.open(result) as image:
        profile = image.info["icc_profile"]
        color = shown(image.convert("RGB"), profile)[32, 32]
    np.testing.assert_allclose(color, (209, 147, 115), atol=3)
    assert "Display P3" in ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile.profile_description


@pytest.mark.parametrize("codes", [P3, (9, 16)])
@pytest.mark.parametrize("box", ["none", "unspecified"])
def test_a_heic_whose_stream_alone_says_its_colors(tmp_path, codes, box):
    """The encoder also writes the codes into HEVC's parameters, so the container's are removed."""
    written = with_codes(plain(200, 150, 120), tmp_path / "a.heic", codes, 8 if codes == P3 else 10)
    content = bytearray(written.read_bytes())
    if box == "none":
        place = content.index(b"colr")
        content[place : place + 4] = b"free"
    else:
        place = content.index(b"nclx") + 4
        content[place : place + 4] = struct.pack(">HH", 2, 2)
    (tmp_path / "b.heic").write_bytes(content)
    described, alone = open_photo(written), open_photo(tmp_path / "b.heic")
    assert alone.icc_profile == described.icc_profile != b""
    np.testing.assert_allclose(np.asarray(alone.image), np.asarray(described.image), atol=2)


def test_damaged_parameters_of_a_stream_are_none():
    rng = np.random.default_rng(0)
    for _ in range(500):
        header, body = rng.bytes(22), rng.bytes(rng.integers(60))
        hevc_colors(header + b"\1\x21\0\1" + len(body).to_bytes(2, "big") + body)


@pytest.mark.parametrize("suffix", [".heic", ".png"])
def test_wide_colors_of_standard_range(tmp_path, suffix):
    """BT.2020 values give the light that they stand for, such as a red deeper than sRGB's."""
    photo = open_photo(with_codes(plain(200, 150, 120), tmp_path / f"a{suffix}", (9, 14)))
    picture = (
        photo.image if suffix == ".heic" else Image.fromarray((photo.image // 257).astype("u1"))
    )
    np.testing.assert_allclose(shown(picture, photo.icc_profile)[9, 9], (231, 153, 127), atol=3)


@pytest.mark.parametrize("codes", [(1, 13), (1, 1), (2, 2), (1, 6)])
def test_srgb_needs_no_profile(tmp_path, codes):
    photo = open_photo(with_codes(plain(200, 150, 120), tmp_path / "photo.png", codes))
    assert photo.icc_profile == b""


def pq(light):
    """Return the SMPTE ST 2084 signal of light in cd/m²."""
    power = (light / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def hlg(light):
    """Return the BT.2100 signal of gray light in cd/m², on a display with 1000 cd/m²."""
    scene = (light / 1000) ** (1 / 1.2)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(
        scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene, 1) - b) + c
    )


def test_of_several_hdr_pictures_the_primary_one_is_read(tmp_path):
    white = np.full((64, 64, 3), round(65535 * pq(900)), np.uint16)
    path = with_codes(white, tmp_path / "a.heic", (9, 16), depth=10, first=0 * white)
    assert np.asarray(open_photo(path).image).min() >= 250


@pytest.mark.parametrize("primaries", [9, 12])
@pytest.mark.parametrize(("transfer", "signal"), [(16, pq), (18, hlg)])
@pytest.mark.parametrize("suffix", [".heic", ".avif", ".png"])
def test_hdr_becomes_standard_range(tmp_path, suffix, transfer, signal, primaries):
    """Grays below the knee keep their light, brighter grays stay distinct, and none gets a tint."""
    light = np.repeat(np.geomspace(1, 900, 16), 8)
    ramp = np.repeat(np.round(65535 * signal(light)).astype(np.uint16)[None, :, None], 3, axis=2)
    ramp = np.repeat(ramp, 64, axis=0)
    path = with_codes(ramp, tmp_path / f"photo{suffix}", (primaries, transfer), depth=10)
    assert correct(path, "--output", tmp_path / "out", "--strength", 0).returncode == 0
    (result,) = (tmp_path / "out").iterdir()
    with Image.open(result) as image:
        assert "cicp" not in image.info
        row = shown(image.convert("RGB"), image.info["icc_profile"])[32, 4::8]
    assert np.abs(row - row.mean(axis=1, keepdims=True)).max() <= 6
    dim = light[4::8] < 60
    linear = light[4::8] / 203
    curve = 1.055 * linear ** (1 / 2.4) - 0.055
    expected = 255 * np.where(linear < 0.0031308, 12.92 * linear, curve)
    np.testing.assert_allclose(row[dim, 1], expected[dim], atol=5)
    assert np.diff(row[:, 1]).min() >= 1
    assert row[-1, 1] >= 250


def test_the_curve_bends_highlights_alone():
    light = np.linspace(0, 5, 200, dtype=np.float64)
    bent = tone_curve(light, 5.0)
    np.testing.assert_allclose(bent[light < 0.3], light[light < 0.3], rtol=1e-5)
    assert np.all(np.diff(bent) >= 0)
    assert np.diff(bent)[:150].min() > 0
    assert bent[-1] == pytest.approx(1, abs=1e-4)
    np.testing.assert_array_equal(tone_curve(light[:20], 1.0), light[:20])


def test_other_curves_are_refused_in_one_line(tmp_path):
    path = with_codes(plain(9, 9, 9), tmp_path / "photo.png", (1, 10))
    with pytest.raises(InputError, match=r"code 1/10 of H\.273"):
        open_photo(path)
