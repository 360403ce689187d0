import os
import resource
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, JpegImagePlugin

from keras_f2a.imaging.before_after import save_side_by_side
from keras_f2a.imaging.exif import exif_of_upright_image, without_orientation
from keras_f2a.imaging.exif_tags import as_stored
from keras_f2a.imaging.photo import open_photo
from keras_f2a.imaging.photo_output import check_target, save_photo
from keras_f2a.support.errors import InputError, NotWrittenError, WorkError
from tests.imaging.written_files import exif_block

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture
def image(rng):
    small = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((64, 48), Image.Resampling.BICUBIC)


def reopened(image, folder, source, target, **settings):
    """Save the image in a file, write the opened file to another, and return the latter's path."""
    image.save(folder / source, **settings)
    save_photo(open_photo(folder / source), folder / "out" / target)
    return folder / "out" / target


@pytest.mark.parametrize("target", ["photo.jpg", "photo.png", "photo.webp"])
def test_exif_and_profile_are_written_in_every_format(tmp_path, image, target):
    exif = Image.Exif()
    exif[0x0110] = "A camera"
    exif[0x0112] = 6
    exif.get_ifd(0x8769).update({0x9003: "2024:12:24 18:00:00", 0xA002: 64, 0xA003: 48})
    path = reopened(image, tmp_path, "in.jpg", target, exif=exif, icc_profile=SRGB)
    with Image.open(path) as result:
        assert result.size == (48, 64)
        assert result.info["icc_profile"] == SRGB
        written = result.getexif()
        assert (written[0x0110], written[0x0112]) == ("A camera", 1)
        details = written.get_ifd(0x8769)
        assert details[0x9003] == "2024:12:24 18:00:00"
        assert (details[0xA002], details[0xA003]) == (48, 64)


@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("quality", [60, 92])
def test_a_jpeg_keeps_its_tables_and_subsampling(tmp_path, image, subsampling, quality):
    path = reopened(image, tmp_path, "in.jpg", "out.jpg", quality=quality, subsampling=subsampling)
    with Image.open(tmp_path / "in.jpg") as source, Image.open(path) as result:
        assert result.quantization == source.quantization
        assert JpegImagePlugin.get_sampling(result) == subsampling


def test_another_format_becomes_a_jpeg_of_high_quality(tmp_path, image):
    path = reopened(image, tmp_path, "in.png", "out.jpg")
    with Image.open(path) as result:
        assert JpegImagePlugin.get_sampling(result) == 0
        assert np.abs(np.asarray(result, float) - np.asarray(image)).mean() < 2


def test_quality_can_be_chosen(tmp_path, image):
    image.save(tmp_path / "in.jpg", quality=95)
    for quality in 20, 90:
        save_photo(open_photo(tmp_path / "in.jpg"), tmp_path / f"{quality}.jpg", quality)
    assert (tmp_path / "20.jpg").stat().st_size < (tmp_path / "90.jpg").stat().st_size


def test_a_gray_jpeg_stays_one(tmp_path, image):
    with Image.open(reopened(image.convert("L"), tmp_path, "in.jpg", "out.jpg")) as result:
        assert result.mode == "L"


@pytest.mark.parametrize("target", ["out.png", "out.webp"])
def test_alpha_and_gray_are_kept(tmp_path, image, target):
    transparent = image.copy()
    transparent.putalpha(image.getchannel("G"))
    with Image.open(reopened(transparent, tmp_path, "in.png", target)) as result:
        alpha = np.asarray(result.getchannel("A"), float)
        np.testing.assert_allclose(alpha, np.asarray(image)[..., 1], atol=1)
    with Image.open(reopened(image.convert("L"), tmp_path, "gray.png", "gray.jpg")) as result:
        assert result.mode == "L"


@pytest.mark.parametrize("frames", [1, 2])
@pytest.mark.parametrize("lossless", [False, True])
def test_webp_without_loss_stays_so(tmp_path, image, lossless, frames):
    image.putalpha(image.getchannel("R"))
    settings = {"lossless": lossless, "exact": True, "quality": 100}
    settings |= {"save_all": True, "append_images": [image.rotate(180)]} if frames > 1 else {}
    image.save(tmp_path / "in.webp", **settings)
    photo = open_photo(tmp_path / "in.webp")
    assert (photo.lossless_webp, photo.frames) == (lossless, frames)
    before = np.asarray(photo.image)
    save_photo(photo, tmp_path / "out.webp")
    with Image.open(tmp_path / "out.webp") as result:
        equal = np.array_equal(np.asarray(result)[..., :3], before)
    assert equal == lossless
    save_photo(open_photo(tmp_path / "in.webp"), tmp_path / "small.webp", quality=20)
    assert (tmp_path / "small.webp").stat().st_size < (tmp_path / "out.webp").stat().st_size


def test_alpha_does_not_fit_into_jpeg(tmp_path, image):
    image.putalpha(200)
    with pytest.raises(InputError, match="alpha"):
        reopened(image, tmp_path, "in.png", "out.jpg")
    assert not (tmp_path / "out" / "out.jpg").exists()


def test_where_results_may_go(tmp_path, monkeypatch):
    (tmp_path / "photo.jpg").write_bytes(b"precious")
    with pytest.raises(InputError, match="`force`"):
        check_target(tmp_path / "photo.jpg", force=False)
    check_target(tmp_path / "photo.jpg", force=True)
    check_target(tmp_path / "new.png", force=False)
    (tmp_path / "folder.jpg").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        check_target(tmp_path / "folder.jpg", force=True)
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(InputError, match="is not writable"):
        check_target(tmp_path / "new" / "photo.jpg", force=False)
    with pytest.raises(InputError, match=".jpg, .png, .webp, .avif or .tif"):
        check_target(tmp_path / "photo.gif", force=False)


def test_a_failed_write_leaves_nothing_and_spares_what_was_there(tmp_path, image, monkeypatch):
    image.save(tmp_path / "in.jpg")
    photo = open_photo(tmp_path / "in.jpg")
    target = tmp_path / "out.jpg"
    target.write_bytes(b"precious")

    def full_disk(self, content):
        with self.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(WorkError, match="No space left on device"):
        save_photo(photo, target)
    assert target.read_bytes() == b"precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jpg", "out.jpg"]


def test_what_a_format_cannot_hold_is_not_called_a_failure_of_the_disk(tmp_path):
    """Otherwise a program that retries failed writes would retry such a photograph forever."""
    Image.new("RGB", (16400, 16)).save(tmp_path / "wide.png")
    with pytest.raises(WorkError, match=r"wide\.webp: could not be written") as raised:
        save_photo(open_photo(tmp_path / "wide.png"), tmp_path / "wide.webp")
    assert not isinstance(raised.value, NotWrittenError)
    assert not (tmp_path / "wide.webp").exists()


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.webp", "photo.jpg.compare.jpg"])
@pytest.mark.parametrize("missing", [1, 100])
def test_a_disk_full_at_the_last_bytes_is_noticed(tmp_path, image, name, missing):
    """The system then writes only a part, and Pillow by itself takes that for success."""
    image.save(tmp_path / "in.png")
    photo = open_photo(tmp_path / "in.png")

    def write(path):
        if name.endswith(".compare.jpg"):
            save_side_by_side(photo.image, photo.image, path)
        else:
            save_photo(photo, path)

    write(tmp_path / name)
    path = tmp_path / "full" / name
    size = (tmp_path / name).stat().st_size
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size - missing, most))
    try:
        with pytest.raises(WorkError, match="could not be written"):
            write(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert list(path.parent.iterdir()) == []


def test_damaged_exif_is_dropped():
    assert exif_of_upright_image(b"Exif\0\0II*\0\xff\xff\xff\xff", 4, 4) == b""
    assert exif_of_upright_image(b"nonsense", 4, 4) == b""


def test_the_preview_of_the_uncorrected_photograph_is_unlinked(image, tmp_path):
    """Only the link to the second directory, which has the preview, is cut. No byte moves."""
    entry = b"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
    second = b"\x00\x00" + b"\x00\x00\x00\x00"
    block = b"II*\0\x08\0\0\0" + b"\x01\x00" + entry + b"\x1a\x00\x00\x00" + second
    result = exif_of_upright_image(block, 4, 4)
    assert result.startswith(b"Exif\0\0")
    changed = [at for at, (a, b) in enumerate(zip(block, result[6:], strict=True)) if a != b]
    assert changed == [18, 22]
    assert result[6 + 18] == 1


@pytest.mark.parametrize("target", ["photo.avif", "photo.tif"])
def test_texts_of_any_language_are_kept(tmp_path, image, target):
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "© José".encode("latin-1")
    exif[0x8769] = {0x927C: b"a maker's note", 0xA430: as_stored("José")}
    path = reopened(image, tmp_path, "in.jpg", target, exif=exif)
    with Image.open(path) as result:
        assert result.size == (48, 64)
        assert result.getexif()[0x013B] == "© José"
        assert result.getexif().get_ifd(0x8769)[0xA430] == "José"
        assert result.getexif().get(0x0112, 1) == 1
    if target.endswith("avif"):
        kept = without_orientation(open_photo(tmp_path / "in.jpg").exif)
        assert kept.removeprefix(b"Exif\0\0") in path.read_bytes()


def test_a_tiff_gets_what_can_be_written_of_damaged_exif(tmp_path, image):
    """Values of an unexpected type once ended in Pillow's own errors."""
    main = [(0x010E, 5, 1, struct.pack("<LL", 1, 3)), (0x0110, 2, 5, b"Name\0"), (0x011A, 2, 1, 0)]
    main += [(0x0131, 11, 1, struct.pack("<f", 0.5)), (0x4746, 6, 2, b"\xff\xfe")]
    details = [(0x9003, 12, 1, struct.pack("<d", 0.5)), (0xA430, 2, 5, b"Owner"), (0x9209, 3, 1, 1)]
    block = b"Exif\0\0" + exif_block(b"", main, details)
    path = reopened(image, tmp_path, "in.jpg", "photo.tif", exif=block)
    with Image.open(path) as result:
        assert result.getexif()[0x0110] == "Name"
        assert 0x0131 not in result.getexif()
        assert result.getexif().get_ifd(0x8769)[0xA430] == "Owner"
    assert open_photo(path).flash_fired


def test_a_tiff_is_described_by_its_own_tags(tmp_path, image):
    """A HEIC file's EXIF may mention tiles, and its resolution may be in centimeters."""
    exif = Image.Exif()
    exif[0x0110] = "A camera"
    exif[322] = exif[323] = 512
    exif[282] = exif[283] = 100.0
    exif[296] = 3
    exif[0x8769] = {0xA005: {1: "R98"}}
    path = reopened(image, tmp_path, "in.png", "photo.tif", exif=exif, dpi=(254, 254))
    again = open_photo(path)
    np.testing.assert_array_equal(np.asarray(again.image), np.asarray(image))
    with Image.open(path) as result:
        assert result.tag_v2[272] == "A camera" and 322 not in result.tag_v2
        assert (round(result.tag_v2[282]), result.tag_v2[296]) == (254, 2)
        assert 0xA005 not in result.getexif().get_ifd(0x8769)
