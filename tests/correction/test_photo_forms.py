"""Every kind of photograph that a corrector takes, and what it returns."""

import io
import tempfile

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, PngImagePlugin

import keras_f2a
from keras_f2a.support.errors import InputError, WorkError
from tests.correction.darkening_engine import Darken
from tests.imaging import written_files as made
from tests.imaging.test_raw import write_dng
from tests.imaging.written_files import VIDEO
from tests.small_models import half_plus_quarter, save_tflite


@pytest.fixture
def flash(rng):
    small = rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((480, 360), Image.Resampling.BICUBIC))


@pytest.mark.parametrize(
    "array", [np.zeros((8, 8)), np.zeros((8, 8, 4), np.uint8), np.zeros((8, 8, 3)), np.zeros(0)]
)
def test_other_arrays_are_input_errors(array):
    with pytest.raises(InputError, match="flash"):
        keras_f2a.Corrector(Darken()).correct(array)


def test_a_pillow_image_is_corrected_in_place(flash):
    image = Image.fromarray(flash)
    corrector = keras_f2a.Corrector(Darken())
    corrector.correct_image(image)
    np.testing.assert_array_equal(np.asarray(image), corrector.correct(flash))


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (Image.new("L", (40, 30)), "mode RGB"),
        (Image.new("RGB", (0, 30)), "no pixels"),
        (np.zeros((30, 40, 3), np.uint8), "Pillow image, not ndarray"),
    ],
)
def test_other_images_are_input_errors(image, message):
    with pytest.raises(InputError, match=message):
        keras_f2a.Corrector(Darken()).correct_image(image)


def encoded(flash, kind, **options):
    file = io.BytesIO()
    Image.fromarray(flash).save(file, kind, **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_tflite(tmp_path_factory.mktemp("model") / "model.tflite")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("holder", [bytes, bytearray, memoryview, io.BytesIO])
def test_bytes_and_file_objects_give_a_file_of_their_format(flash, model, kind, holder):
    exif = Image.Exif()
    exif[0x010E] = "a caption"
    content = encoded(flash, kind, exif=exif)
    result = keras_f2a.correct_photo(holder(content), model=model)
    with Image.open(io.BytesIO(result)) as image:
        assert (image.format, image.getexif()[0x010E]) == (kind, "a caption")
        expected = 255 * half_plus_quarter(np.asarray(Image.open(io.BytesIO(content))) / 255)
        assert np.abs(np.asarray(image) - expected).mean() < 3


def test_a_files_kind_decides_and_not_its_first_bytes(tmp_path, flash, model):
    """RAW files begin like TIFF, BigTIFF files do not, and AVIF may name its structure first."""
    pytest.importorskip("rawpy")
    tifffile.imwrite(tmp_path / "a.tif", flash.astype(np.uint16) * 257, bigtiff=True)
    avif = encoded(flash, "AVIF")
    assert avif[8:12] == b"avif"
    contents = {
        "JPEG": write_dng(tmp_path / "a.nef").read_bytes(),
        "TIFF": (tmp_path / "a.tif").read_bytes(),
        "AVIF": avif[:8] + b"mif1" + avif[12:],
    }
    for kind, content in contents.items():
        result = keras_f2a.correct_photo(content, model=model)
        with Image.open(io.BytesIO(result)) as image:
            assert image.format == kind
    keras_f2a.correct_photo(contents["TIFF"], tmp_path / "b.tif", model=model)
    assert tifffile.imread(tmp_path / "b.tif").dtype == np.uint16


def test_a_path_gives_an_upright_image_with_its_metadata(tmp_path, flash, model):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(flash).save(tmp_path / "a.png", exif=exif)
    result = keras_f2a.Corrector(model).correct(tmp_path / "a.png")
    assert result.size == (flash.shape[0], flash.shape[1])
    assert result.info["exif"]
    saved = keras_f2a.correct_photo(str(tmp_path / "a.png"), model=model)
    np.testing.assert_array_equal(np.asarray(saved), np.asarray(result))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("RGB", "RGB"), ("L", "L"), ("LA", "LA"), ("RGBA", "RGBA"), ("P", "RGB"), ("CMYK", "RGB")],
)
def test_pillow_images_keep_gray_and_alpha(flash, model, mode, expected):
    image = Image.fromarray(flash).convert(mode)
    before = image.tobytes()
    result = keras_f2a.correct_photo(image, model=model)
    assert (result.mode, result.size, image.tobytes()) == (expected, image.size, before)
    assert not np.array_equal(np.asarray(result.convert("RGB")), np.asarray(image.convert("RGB")))
    if "A" in mode:
        assert result.getchannel("A").tobytes() == image.getchannel("A").tobytes()


def test_every_form_may_be_written_to_a_file(tmp_path, flash, model):
    Image.fromarray(flash).save(tmp_path / "in.png")
    content = (tmp_path / "in.png").read_bytes()
    forms = [tmp_path / "in.png", content, io.BytesIO(content), Image.fromarray(flash), flash]
    forms.append((flash / 255).astype(np.float32))
    results = []
    for number, form in enumerate(forms):
        keras_f2a.correct_photo(form, tmp_path / f"{number}.png", model=model)
        results.append(np.asarray(Image.open(tmp_path / f"{number}.png")))
    for result in results:
        np.testing.assert_array_equal(result, results[0])


def test_a_comparison_needs_a_file_to_be_next_to(tmp_path, flash, model):
    settings = keras_f2a.OutputSettings(compare=True)
    forms = [flash, Image.fromarray(flash), encoded(flash, "PNG")]
    for number, form in enumerate(forms):
        with pytest.raises(InputError, match="compare=True: .*name a file for the result"):
            keras_f2a.correct_photo(form, model=model, output_settings=settings)
        keras_f2a.correct_photo(form, tmp_path / f"{number}.png", model=model, compare=True)
        assert (tmp_path / f"{number}.png.compare.jpg").is_file()


def test_transparency_of_a_palette_stays(tmp_path, flash, model):
    image = Image.fromarray(flash).quantize(8)
    image.info["transparency"] = bytes([0, 100, 255, 255, 255, 255, 255, 255])
    alpha = image.convert("RGBA").getchannel("A").tobytes()
    keras_f2a.correct_photo(image, tmp_path / "result.png", model=model)
    for result in keras_f2a.correct_photo(image, model=model), Image.open(tmp_path / "result.png"):
        assert result.mode == "RGBA" and result.getchannel("A").tobytes() == alpha


@pytest.mark.parametrize("mode", ["CMYK", "LAB"])
def test_what_becomes_srgb_has_no_profile_of_other_colors(tmp_path, flash, model, mode):
    image = Image.fromarray(flash)
    if mode == "LAB":
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        image = ImageCms.profileToProfile(image, *profiles, outputMode="LAB")
    else:
        image = image.convert(mode)
    image.info["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    image.save(tmp_path / "in.tif")
    of_file = keras_f2a.correct_photo(tmp_path / "in.tif", model=model)
    keras_f2a.correct_photo(image, tmp_path / "result.png", model=model)
    for result in keras_f2a.correct_photo(image, model=model), Image.open(tmp_path / "result.png"):
        assert result.mode == "RGB" and not result.info.get("icc_profile")
        np.testing.assert_array_equal(np.asarray(result), np.asarray(of_file))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_pillow_image_keeps_its_metadata_in_a_file(tmp_path, flash, model, kind):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "a caption", 6
    with Image.open(io.BytesIO(encoded(flash, kind, exif=exif.tobytes()))) as image:
        keras_f2a.correct_photo(image, tmp_path / "result.jpg", model=model)
    with Image.open(tmp_path / "result.jpg") as result:
        assert result.size == (flash.shape[0], flash.shape[1])  # Upright.
        assert dict(result.getexif()) | {0x0112: 1} == {0x010E: "a caption", 0x0112: 1}
        assert result.getexif().get(0x0112, 1) == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_pillow_image_keeps_its_resolution_and_xmp(tmp_path, flash, model, kind):
    xmp = made.packet('tiff:Orientation="1"', made.TIFF)
    content = encoded(flash, kind, dpi=(72, 144), xmp=xmp)
    if kind in ("PNG", "TIFF"):
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        content = encoded(flash, kind, dpi=(72, 144), pnginfo=info, tiffinfo={700: xmp})
    path = tmp_path / "in"
    path.write_bytes(content)
    with Image.open(path) as image:
        keras_f2a.correct_photo(image, tmp_path / "result.jpg", model=model)
        results = [keras_f2a.correct_photo(image, model=model)]
    results.append(keras_f2a.correct_photo(path, model=model))
    with Image.open(tmp_path / "result.jpg") as result:
        results.append(result.copy())
    for result in results:
        assert result.info["xmp"] == xmp
        if kind != "WEBP":
            assert result.info["dpi"] == pytest.approx((72, 144), abs=0.1)


@pytest.mark.parametrize(
    "kept", [{"dpi": "high"}, {"dpi": (1e30, 72)}, {"xmp": 3.5}, {"xmp": "ä€"}]
)
def test_unusual_information_of_a_pillow_image_stops_nothing(tmp_path, flash, model, kept):
    image = Image.fromarray(flash)
    image.info.update(kept)
    keras_f2a.correct_photo(image, tmp_path / "result.jpg", model=model)
    assert keras_f2a.correct_photo(image, model=model).size == image.size


@pytest.mark.parametrize(
    ("photo", "message"),
    [
        (None, "must be a path, bytes, a file object, a Pillow image or an array, not None"),
        (3, "must have shape"),
        (object(), "must have shape"),
        ([[1, 2], [3]], "not an array"),
        (b"", "the bytes: is empty"),
        (b"text", "the bytes: is not a JPEG"),
        (io.BytesIO(b"text"), "the BytesIO: is not a JPEG"),
        (io.StringIO("text"), "open it with 'rb'"),
        ("missing.jpg", "missing.jpg: there is no such file"),
        (Image.new("I;16", (40, 30)), "mode I;16"),
        (Image.new("RGB", (0, 30)), "no pixels"),
        (np.full((40, 50, 3), 255, np.float32), "float32 values must lie in .0, 1., not in"),
        (np.full((40, 50, 3), np.nan, np.float32), "float32 values must lie in"),
        (np.full((40, 50, 3), np.inf, np.float32), "float32 values must lie in"),
        (np.full((40, 50, 3), -0.5, np.float32), "float32 values must lie in"),
    ],
)
def test_what_is_no_photograph_is_an_input_error(photo, message):
    with pytest.raises(InputError, match=message) as caught:
        keras_f2a.Corrector(Darken()).correct(photo)
    assert "/tmp" not in str(caught.value)


def test_targets_that_are_none_are_input_errors(flash):
    with pytest.raises(InputError, match="output: must be the path of a file, not BytesIO"):
        keras_f2a.Corrector(Darken()).correct_file(flash, io.BytesIO())


def test_a_damaged_picture_of_a_file_is_an_input_error(tmp_path, flash):
    content = encoded(flash, "JPEG")[:-2000]
    corrector = keras_f2a.Corrector(Darken())
    for correct in corrector.correct, corrector.lights_for:
        with pytest.raises(InputError, match="image: cannot be decoded .*truncated"):
            correct(Image.open(io.BytesIO(content)))
    with pytest.raises(InputError, match="image: cannot be decoded .*truncated"):
        corrector.correct_file(Image.open(io.BytesIO(content)), tmp_path / "result.jpg")


def test_a_folder_for_temporary_files_that_is_full_or_missing_is_a_work_error(
    tmp_path, flash, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    corrector = keras_f2a.Corrector(Darken())
    for photo in encoded(flash, "PNG"), Image.fromarray(flash), flash:
        with pytest.raises(WorkError, match="the folder for temporary files: could not be written"):
            corrector.correct_file(photo, tmp_path / "result.png")
    with pytest.raises(WorkError, match="the folder for temporary files: could not be written"):
        corrector.correct(encoded(flash, "PNG"))


def test_python_says_what_a_result_lacks(tmp_path, flash, caplog):
    content = encoded(flash, "JPEG") + VIDEO
    (tmp_path / "in.jpg").write_bytes(content)
    corrector = keras_f2a.Corrector(Darken())
    corrector.correct(content)
    corrector.correct_file(io.BytesIO(content), tmp_path / "1.jpg")
    corrector.correct_file(tmp_path / "in.jpg", tmp_path / "2.jpg")
    names = ["the bytes", "the BytesIO", tmp_path / "in.jpg"]
    assert caplog.messages == [f"{name}: its video cannot be corrected; left out" for name in names]
