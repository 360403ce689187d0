"""Input and output with 16 bits per channel, TIFF and AVIF, through the command."""

import io

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image, TiffImagePlugin

from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.errors import InputError
from tests.imaging.command import correct


def ramp(channels=3, side=64):
    """Return 16-bit values whose low bytes matter."""
    values = np.random.default_rng(3).integers(0, 65536, (side, side, channels), np.uint16)
    return values[..., 0] if channels == 1 else values


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def corrected(folder, *options):
    output = folder.parent / "out"
    done = correct(folder, "--output", output, *options)
    assert (done.returncode, done.stderr) == (0, done.stderr), done.stderr
    return output


def write_tiff(path, pixels, **settings):
    channels = 1 if pixels.ndim == 2 else pixels.shape[-1]
    settings.setdefault("photometric", "minisblack" if channels < 3 else "rgb")
    if settings.get("planarconfig") == "separate":
        pixels = np.moveaxis(pixels, -1, 0)
    if channels in (2, 4):
        settings.setdefault("extrasamples", ["unassalpha"])
    tifffile.imwrite(path, pixels, **settings)
    return path


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


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_stay_sixteen_bits(folder, suffix, channels):
    pixels = ramp(channels)
    path = folder / f"photo{suffix}"
    if suffix == ".png":
        swapped = pixels if channels == 1 else pixels[..., [2, 1, 0, 3][:channels]]
        assert cv2.imwrite(str(path), swapped)
    else:
        write_tiff(path, pixels)
    result = corrected(folder, "--strength", "0") / path.name
    found = cv2.imread(str(result), cv2.IMREAD_UNCHANGED)
    assert found.dtype == np.uint16
    expected = pixels if channels == 1 else pixels[..., [2, 1, 0, 3][:channels]]
    np.testing.assert_allclose(found.astype(int), expected, atol=1)
    with Image.open(result) as image:
        image.load()  # Pillow reads it too.
    if suffix == ".tif":
        np.testing.assert_allclose(tifffile.imread(result).astype(int), pixels, atol=1)


def test_the_correction_itself_has_sixteen_bits(folder):
    """The result has more than 8 bits' worth of levels, also after the brightness curve."""
    across = np.linspace(9000, 20000, 640)
    smooth = np.repeat(np.repeat(across[None, :, None], 64, 0), 3, 2).astype(np.uint16)
    write_tiff(folder / "photo.tiff", smooth)
    result = tifffile.imread(corrected(folder, "--brightness", "0.5") / "photo.tiff")
    assert result.dtype == np.uint16
    assert len(np.unique(result[32, :, 1])) > 500
    assert abs(int(result[32, 320, 1]) - int(smooth[32, 320, 1])) > 500


def test_the_result_of_sixteen_bits_is_that_of_eight(folder):
    base = np.random.default_rng(1).integers(0, 256, (6, 8, 3), np.uint8)
    eight = np.asarray(Image.fromarray(base).resize((320, 240), Image.Resampling.BICUBIC))
    Image.fromarray(eight).save(folder / "a.png")
    write_tiff(folder / "b.tif", eight.astype(np.uint16) * 257)
    output = corrected(folder)
    a = np.asarray(Image.open(output / "a.png")).astype(float)
    b = tifffile.imread(output / "b.tif") / 257
    assert np.abs(a - b).mean() < 0.5


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


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
@pytest.mark.parametrize("deep", [True, False])
def test_a_cut_tiff_is_refused(tmp_path, deep, share):
    pixels = ramp() if deep else (ramp() >> 8).astype(np.uint8)
    whole = write_tiff(tmp_path / "photo.tif", pixels, compression="zlib").read_bytes()
    (tmp_path / "photo.tif").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="cut short|is damaged"):
        open_photo(tmp_path / "photo.tif")


def test_a_cut_sixteen_bit_png_is_refused(tmp_path):
    content = cv2.imencode(".png", ramp())[1].tobytes()
    (tmp_path / "photo.png").write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="is damaged"):
        open_photo(tmp_path / "photo.png")


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


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_avif(folder, mode):
    small = np.random.default_rng(1).integers(60, 200, (4, 4, 3), np.uint8)
    stored = Image.fromarray(small).resize((64, 48), Image.Resampling.BICUBIC).convert(mode)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A maker"
    if mode == "RGBA":
        stored.putalpha(stored.getchannel("R"))
    stored.save(folder / "photo.avif", quality=90, exif=exif)
    with Image.open(corrected(folder, "--strength", "0") / "photo.avif") as result:
        assert result.size == (48, 64)
        assert result.getexif()[0x010F] == "A maker"
        assert result.getexif().get(0x0112, 1) == 1
        assert (result.mode == "RGBA") == (mode == "RGBA")
        turned = np.asarray(stored.convert("RGB").transpose(Image.Transpose.ROTATE_270)).astype(int)
        assert np.abs(np.asarray(result.convert("RGB")) - turned).mean() < 6


def test_a_jpeg_of_twelve_bits(tmp_path):
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (32, 32)).save(path)
    content = bytearray(path.read_bytes())
    content[content.index(b"\xff\xc0") + 4] = 12
    path.write_bytes(content)
    done = correct(path, "--output", tmp_path / "out")
    assert "is a JPEG with 12 bits per channel" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"GIF89a", "GIF"), (b"\xff\x0a", "JPEG XL"), (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video")],
)
def test_files_of_other_kinds_are_named(tmp_path, content, name):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content + bytes(100))
    with pytest.raises(InputError, match=name):
        open_photo(path)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_pillows_own_limit_does_not_hold(tmp_path, monkeypatch, suffix):
    path = tmp_path / f"photo{suffix}"
    if suffix == ".png":
        assert cv2.imwrite(str(path), ramp())
    else:
        write_tiff(path, ramp())
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert open_photo(path).image.shape == (64, 64, 3)
