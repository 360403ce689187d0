import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from keras_f2a.imaging.conversion import to_8_bits
from keras_f2a.imaging.photo import open_photo
from tests.imaging.small_pictures import four_corners, save
from tests.imaging.written_files import png_chunk

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture
def image():
    return four_corners()


def mean_difference(image, other):
    return np.abs(np.asarray(image, np.float32) - np.asarray(other, np.float32)).mean()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_applied_and_reset(tmp_path, image, suffix, orientation):
    stored_as = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = image.transpose(stored_as[orientation]) if orientation > 1 else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x0110] = "A camera"
    photo = open_photo(save(stored, tmp_path / f"photo{suffix}", exif=exif, quality=95))
    assert photo.image.size == (40, 24)
    assert mean_difference(photo.image, image) < 4
    kept = Image.Exif()
    kept.load(photo.exif)
    assert dict(kept) == {0x0112: 1, 0x0110: "A camera"}


def test_color_profiles_of_any_gamut_stay_with_their_pixels(tmp_path, image):
    photo = open_photo(save(image, tmp_path / "photo.png", icc_profile=SRGB))
    assert photo.icc_profile == SRGB
    assert mean_difference(photo.image, image) == 0


def test_a_profile_of_another_kind_of_pixels_is_dropped(tmp_path, image):
    photo = open_photo(save(image.convert("L"), tmp_path / "gray.png", icc_profile=SRGB))
    assert photo.icc_profile == b""


@pytest.mark.parametrize("mode", ["L", "1", "I;16", "LA"])
def test_gray_photographs(tmp_path, image, mode):
    gray = image.convert("L")
    if mode == "I;16":
        stored = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    else:
        stored = gray.convert(mode)
    photo = open_photo(save(stored, tmp_path / "gray.png"))
    assert photo.gray
    assert isinstance(photo.image, np.ndarray) == (mode == "I;16")
    assert to_8_bits(photo.image).mode == "RGB"
    assert (photo.alpha is not None) == (mode == "LA")
    expected = gray.convert("1") if mode == "1" else gray
    assert mean_difference(to_8_bits(photo.image), expected.convert("RGB")) < 0.5


def test_a_transparent_gray_stays_transparent_at_any_depth(tmp_path, image):
    for mode in "1", "L":
        stored = image.convert("L").point(lambda value: 255 * (value > 99)).convert(mode)
        photo = open_photo(save(stored, tmp_path / f"{mode}.png", transparency=0))
        np.testing.assert_array_equal(np.asarray(photo.alpha), np.asarray(stored.convert("L")))


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("transparent", [0, 1])
def test_a_transparent_gray_of_a_few_bits(tmp_path, bits, transparent):
    values = np.arange(64 * 48).reshape(48, 64) % (1 << bits)
    rows = np.unpackbits(values.astype(np.uint8)[..., None], axis=-1)[..., -bits:]
    packed = np.packbits(rows.reshape(48, -1), axis=-1)
    header = struct.pack(">IIBBBBB", 64, 48, bits, 0, 0, 0, 0)
    chunks = [
        png_chunk(b"IHDR", header),
        png_chunk(b"tRNS", struct.pack(">H", transparent)),
        png_chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row.tobytes() for row in packed))),
        png_chunk(b"IEND", b""),
    ]
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    photo = open_photo(tmp_path / "a.png")
    np.testing.assert_array_equal(np.asarray(photo.alpha), 255 * (values != transparent))


def test_a_palette_with_alpha_of_its_own(tmp_path, image):
    stored = image.convert("LA").convert("PA")
    stored.putalpha(image.getchannel("G"))
    photo = open_photo(save(stored, tmp_path / "palette.tif"))
    np.testing.assert_array_equal(np.asarray(photo.alpha), np.asarray(image)[..., 1])


def test_sixteen_bit_color_png(tmp_path, image):
    pixels = np.asarray(image).astype(">u2") * 257
    path = tmp_path / "deep.png"
    path.write_bytes(png_of_16_bits(pixels))
    np.testing.assert_array_equal(open_photo(path).image, pixels)


def png_of_16_bits(pixels):
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*parts) for parts in chunks)


def test_cmyk_becomes_rgb(tmp_path, image):
    path = save(image.convert("CMYK"), tmp_path / "photo.jpg", quality=95)
    photo = open_photo(path)
    assert photo.image.mode == "RGB"
    assert photo.jpeg_tables is None
    assert mean_difference(photo.image, image) < 6


def test_a_damaged_profile_does_not_cost_the_photograph(tmp_path, image):
    cmyk = open_photo(save(image.convert("CMYK"), tmp_path / "cmyk.jpg", icc_profile=b"x" * 200))
    assert mean_difference(cmyk.image, image) < 12


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow warns about it.
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".heic"])
@pytest.mark.parametrize(
    "exif", [b"II*\0\xff\xff\xff\x7f", b"nonsense", b"MM\0*\0\0\0\x08\0\x05\x01"]
)
def test_a_damaged_exif_block_does_not_cost_the_photograph(tmp_path, image, suffix, exif):
    if suffix == ".heic":
        pytest.importorskip("pillow_heif").register_heif_opener()
    path = tmp_path / f"photo{suffix}"
    image.save(path, quality=95)
    if suffix == ".heic":
        image.save(path, quality=95, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0")
        path.write_bytes(path.read_bytes().replace(b"II*\0\x08\0\0\0", exif[:8]))
    else:
        image.save(path, quality=95, exif=b"Exif\0\0" + exif)
    assert mean_difference(open_photo(path).image, image) < 8


def test_a_png_may_hold_as_much_beside_its_pixels_as_a_jpeg(tmp_path, image):
    """Pillow's limit of 1 MiB for a compressed chunk once made such photographs fail."""
    profile = SRGB + bytes(2_000_000)
    information = PngImagePlugin.PngInfo()
    information.add_text("Comment", "x" * 2_000_000, zip=True)
    path = save(image, tmp_path / "photo.png", icc_profile=profile, pnginfo=information)
    assert open_photo(path).icc_profile == profile


@pytest.mark.parametrize("transparent", [False, True])
def test_palettes(tmp_path, image, transparent):
    stored = image.quantize(64)
    settings = {"transparency": 3} if transparent else {}
    photo = open_photo(save(stored, tmp_path / "photo.png", **settings))
    assert mean_difference(photo.image, image) < 12
    assert (photo.alpha is not None) == transparent


def test_alpha_is_kept_apart(tmp_path, image):
    alpha = image.getchannel("R")
    stored = image.copy()
    stored.putalpha(alpha)
    photo = open_photo(save(stored, tmp_path / "photo.png"))
    assert mean_difference(photo.image, image) == 0
    assert mean_difference(photo.alpha, alpha) == 0


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_of_several_images_the_first_is_read(tmp_path, image, suffix):
    other = image.transpose(Image.Transpose.ROTATE_180)
    path = tmp_path / f"photo{suffix}"
    image.save(path, save_all=True, append_images=[other], lossless=True, duration=100)
    photo = open_photo(path)
    assert photo.frames == 2
    assert mean_difference(photo.image, image) < 1


def test_a_phone_jpeg_of_several_pictures(tmp_path, image):
    path = tmp_path / "photo.jpg"
    image.save(path, "MPO", save_all=True, append_images=[image], quality=95)
    photo = open_photo(path)
    assert photo.frames == 2
    assert photo.jpeg_tables is not None
    assert mean_difference(photo.image, image) < 4


def test_heic(tmp_path, image):
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = image.transpose(Image.Transpose.ROTATE_90)
    path = save(stored, tmp_path / "photo.heic", quality=95, exif=exif.tobytes())
    photo = open_photo(path)
    assert photo.image.size == (40, 24)
    assert mean_difference(photo.image, image) < 8


def test_the_content_and_not_the_name_says_what_a_file_is(tmp_path, image):
    """A separate process is used, because no HEIC file has been opened in it before."""
    heif = pytest.importorskip("pillow_heif")
    heif.from_pillow(image).save(tmp_path / "heic.jpg")
    image.save(tmp_path / "jpeg.heic", "JPEG")
    script = (
        "import sys; from keras_f2a.imaging.photo import open_photo\n"
        "for path in sys.argv[1:]: print(open_photo(path).image.size)"
    )
    paths = [tmp_path / "heic.jpg", tmp_path / "jpeg.heic"]
    done = subprocess.run([sys.executable, "-c", script, *paths], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("(40, 24)\n" * 2, "")
