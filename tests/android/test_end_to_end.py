"""The app's core, on the JVM with an exported model, agrees with the Python package."""

import re
from pathlib import Path

import numpy as np
import pytest
from keras_f2a.export.android import FACES_FILE, SIBLING_FILE, app_assets
from PIL import Image
from PIL.ExifTags import IFD, Base

import keras_f2a
from android_demo.launch.light_network import light_network
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.imaging.exif import ORIENTATION
from keras_f2a.model_files.bundled import MODELS, pretrained_file
from tests.android.jvm import run_program
from tests.export.make_golden import MODEL

SCENE = BUNDLED_SCENES / "test/Scene_005_flash.webp"
TURN_CLOCKWISE = 6
# The siblings for portrait photographs are found automatically.
SHIPPED = [pretrained_file("int8.tflite", name) for name in MODELS]


every_model = pytest.mark.parametrize("model", [MODEL, *SHIPPED], ids=lambda path: path.stem)


def scene(width, height):
    with Image.open(SCENE) as image:
        return image.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)


def difference_to_python(
    model, source, folder, strength=1.0, orientation=1, light="auto", fired=None
):
    """Correct a PNG file on both sides and return the largest difference in gray levels."""
    target, expected = folder / "kotlin.png", folder / "python.png"
    assets = app_assets(model)
    others = [assets.get(name, "-") for name in (SIBLING_FILE, FACES_FILE)]
    told = [] if fired is None else [str(fired).lower()]
    words = run_program(
        "Correct", model, source, target, strength, orientation, *others, light, *told
    )
    keras_f2a.correct_photo(source, expected, model=model, strength=strength, light=light)
    with Image.open(target) as corrected, Image.open(expected) as reference:
        if orientation == TURN_CLOCKWISE:
            corrected = corrected.transpose(Image.Transpose.ROTATE_270)
        assert corrected.size == reference.size
        pair = [np.asarray(image.convert("RGB"), np.int16) for image in (corrected, reference)]
    with Image.open(source) as original, Image.open(target) as corrected:
        is_changed = np.any(np.asarray(original) != np.asarray(corrected))
    assert is_changed == (fired is not False), "auto alone leaves what shows no flash"
    difference = int(np.abs(pair[0] - pair[1]).max())
    milliseconds = ", ".join(re.findall(r"\w+ in \d+ ms", words))
    print(f"{source.name} with {Path(model).name}: largest difference {difference}, {milliseconds}")
    return difference


@every_model
@pytest.mark.parametrize("size", [(1603, 1201), (601, 803)])
def test_a_made_photograph(model, size, tmp_path):
    source = tmp_path / "photo.png"
    scene(*size).save(source)
    assert difference_to_python(model, source, tmp_path) <= 1


@every_model
def test_an_upright_photograph_that_is_stored_lying(model, tmp_path):
    source = tmp_path / "photo.png"
    exif = Image.Exif()
    exif[ORIENTATION] = TURN_CLOCKWISE
    scene(640, 481).save(source, exif=exif)
    assert difference_to_python(model, source, tmp_path, 0.6, TURN_CLOCKWISE) <= 1


@pytest.mark.parametrize(
    ("size", "light", "fired"),
    [
        ((803, 601), "auto", True),
        ((480, 640), "auto", False),
        ((803, 601), "-40,25,0.2", None),
        ((480, 640), "window-left*0.7+lamp-right*0.3@2700", None),
    ],
)
def test_a_photograph_under_a_light(size, light, fired, tmp_path):
    """The network puts the flash's share at one half, and the EXIF tag tips the balance."""
    source = tmp_path / "photo.png"
    exif = Image.Exif()
    if fired is not None:
        exif[IFD.Exif] = {Base.Flash: int(fired)}
    scene(*size).save(source, exif=exif)
    network = light_network()
    assert difference_to_python(network, source, tmp_path, light=light, fired=fired) <= 1


@pytest.mark.parametrize("model", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["Rooms_720", "Shelves_138", "Toys_224"])
def test_a_real_photograph(model, name, shared, tmp_path):
    photo = shared / "photos" / f"{name}_flash.jpg"
    if not photo.is_file():
        pytest.skip(f"no {photo}")
    # JPEG decoders differ by a gray level in places, so both sides get the same pixels.
    source = tmp_path / "photo.png"
    with Image.open(photo) as image:
        image.convert("RGB").save(source)
    assert difference_to_python(model, source, tmp_path) <= 1
