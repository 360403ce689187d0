"""TIFF files of every layout, mode and depth."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image, TiffImagePlugin

from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.errors import InputError
from tests.imaging.command import corrected
from tests.imaging.deep_files import ramp, write_tiff


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"byteorder": ">"},
        {"tile": (32, 32)},
        {"compression": "zlib"},
        {"planarconfig": "separate"},
        {"rowsperstrip": 5},
        {"bigtiff": True},
    ],
)
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bit_tiff_of_every_layout(folder, channels, settings):
    if channels == 1 and "planarconfig" in settings:
        pytest.skip("one channel has no planes")
    pixels = ramp(channels)
    write_tiff(folder / "photo.tif", pixels, **settings)
    photo = open_photo(folder / "photo.tif")
    expected = np.dstack([pixels] * 3) if channels == 1 else pixels[..., :3]
    np.testing.assert_array_equal(photo.image, expected)
    assert photo.gray == (channels == 1)
    if channels == 4:
        np.testing.assert_array_equal(photo.alpha, pixels[..., 3])
    else:
        assert photo.alpha is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_tiff_of_sixteen_bits(tmp_path, orientation):
    pixels = ramp()[:, :40]
    write_tiff(tmp_path / "a.tif", pixels, extratags=[(274, 3, 1, orientation, False)])
    write_tiff(
        tmp_path / "b.tif",
        (pixels >> 8).astype(np.uint8),
        extratags=[(274, 3, 1, orientation, False)],
    )
    deep, plain = open_photo(tmp_path / "a.tif"), open_photo(tmp_path / "b.tif")
    np.testing.assert_array_equal(deep.image >> 8, np.asarray(plain.image))


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "LA", "CMYK", "P", "LAB", "YCbCr", "1"])
@pytest.mark.parametrize("compression", [None, "tiff_lzw", "jpeg"])
def test_eight_bit_tiff(folder, mode, compression):
    if compression == "jpeg" and mode not in ("RGB", "L", "CMYK", "YCbCr"):
        pytest.skip("no such file")
    small = np.random.default_rng(1).integers(60, 200, (4, 4, 3), np.uint8)
    rgb = Image.fromarray(small).resize((64, 48), Image.Resampling.BICUBIC)
    if mode == "LAB":
        stored = Image.merge("LAB", [rgb.getchannel(0), *[Image.new("L", rgb.size, 128)] * 2])
    else:
        stored = rgb.convert(mode)
    described = compression is None  # Pillow omits EXIF otherwise.
    settings = {} if described else {"compression": compression}
    exif = Image.Exif()
    exif[0x010F] = "A maker"
    exif[0x8769] = {0x9003: "2024:05:06 07:08:09"}
    if described:
        settings["exif"] = exif.tobytes()
    stored.save(folder / "photo.tif", dpi=(300, 300), **settings)
    with Image.open(corrected(folder, "--strength", "0") / "photo.tif") as result:
        assert result.size == (64, 48)
        assert result.mode == {"L": "L", "1": "L", "RGBA": "RGBA", "LA": "LA"}.get(mode, "RGB")
        kept = result.getexif()
        if described:
            assert kept[0x010F] == "A maker"
            assert kept.get_ifd(0x8769)[0x9003] == "2024:05:06 07:08:09"
        assert result.info["dpi"] == (300, 300)
        if mode in ("RGB", "L", "RGBA", "LA"):
            difference = np.asarray(result).astype(int) - np.asarray(stored)
            assert np.abs(difference).mean() < 3


def test_ratings_and_keywords_are_kept(folder):
    """Windows and photo managers write them next to the tags of the camera."""
    exif = Image.Exif()
    exif[0x4746], exif[0x4749], exif[0x010D] = 5, 99, "A document"
    exif.update({tag: "Café".encode("utf-16-le") for tag in range(0x9C9B, 0x9CA0)})
    Image.new("RGB", (64, 48), "gray").save(folder / "photo.tif", exif=exif)
    with Image.open(corrected(folder) / "photo.tif") as result:
        kept = result.getexif()
        assert {tag: kept.get(tag) for tag in exif} == dict(exif)


CAPTION = b"\x1c\x02\x78\0\x08a dinner"


@pytest.mark.parametrize(
    "stored",
    [
        (7, 16, CAPTION + bytes(3)),
        (1, 16, CAPTION + bytes(3)),
        # As numbers of 32 bits, whose bytes this file would swap, or has not swapped.
        (4, 4, np.frombuffer(CAPTION + bytes(3), ">u4").tolist()),
        (4, 4, np.frombuffer(CAPTION + bytes(3), "<u4").tolist()),
    ],
)
@pytest.mark.parametrize("deep", [True, False])
def test_captions_are_kept_and_photoshops_preview_is_not(folder, deep, stored):
    block = b"8BIM\x04\x04\0\0\0\0\0\x0d" + CAPTION + b"\0"
    preview = b"8BIM\x04\x0c\0\0\0\0\0\x06\xff\xd8\xff12\xd9"
    pixels = np.full((48, 64, 3), 128, np.uint16 if deep else np.uint8)
    extra = [(33723, *stored, True), (34377, 7, None, block + preview + block, True)]
    tifffile.imwrite(folder / "a.tif", pixels, photometric="rgb", extratags=extra)
    with tifffile.TiffFile(corrected(folder) / "a.tif") as result:
        tags = result.pages.first.tags
        assert tags[33723].value.rstrip(b"\0") == CAPTION
        assert tags[34377].value == block + block


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
@pytest.mark.parametrize("deep", [True, False])
def test_a_cut_tiff_is_refused(tmp_path, deep, share):
    pixels = ramp() if deep else (ramp() >> 8).astype(np.uint8)
    whole = write_tiff(tmp_path / "photo.tif", pixels, compression="zlib").read_bytes()
    (tmp_path / "photo.tif").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="cut short|is damaged"):
        open_photo(tmp_path / "photo.tif")


@pytest.mark.parametrize("kind", ["floating-point gray", "floating-point RGB", "16-bit Lab"])
def test_tiff_that_pillow_cannot_read_is_refused_in_one_line(tmp_path, kind):
    if kind == "16-bit Lab":
        write_tiff(tmp_path / "photo.tif", ramp(), photometric="cielab")
    else:
        pixels = ramp(3 if kind.endswith("RGB") else 1)
        write_tiff(tmp_path / "photo.tif", pixels.astype(np.float32) / 65535)
    with pytest.raises(InputError, match="save it as .*RGB with 8 or 16 bits per channel"):
        open_photo(tmp_path / "photo.tif")


@pytest.mark.parametrize(("bits", "kind"), [(12, 1), (16, 2), (32, 1)])
def test_gray_tiff_of_another_depth_is_refused_in_one_line(tmp_path, bits, kind):
    """These have 12 or 32 bits per channel, or signed values."""
    tags = TiffImagePlugin.ImageFileDirectory_v2(b"II*\0\0\0\0\0")
    tags.update({256: 32, 257: 32, 258: bits, 259: 1, 262: 1, 273: 0, 277: 1, 278: 32, 339: kind})
    length = 32 * 32 * bits // 8
    tags[279] = length
    file = io.BytesIO()
    tags.save(file)
    (tmp_path / "photo.tif").write_bytes(file.getvalue() + bytes(length))
    with pytest.raises(InputError, match="save it as gray or RGB with 8 or 16 bits per channel"):
        open_photo(tmp_path / "photo.tif")
