"""With a placed-light network, the page saves the command's result for every light."""

import os
import shutil

import numpy as np
import pytest
from keras_f2a.export.__main__ import main as export
from PIL import Image

from keras_f2a import correct
from keras_f2a.models import PlacedLight
from tests.imaging.written_files import exif_block
from tests.system_packages import require_program
from tests.web_demo import node
from tests.web_demo.photographs import SCENE
from tests.web_demo.portrait import portrait

ROOT = node.DEMO.parent
NOT_FIRED = [(0x9209, 3, 1, 0)]
NAMES = "auto", "touched", "lamp-left", "upright", "upright_auto"
DRAGGED = "dragged", "dragged_half_more", "dragged_twice"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """Return a small network's file, or the file that `PLACED_LIGHT_MODEL` names, to measure it."""
    named = os.environ.get("PLACED_LIGHT_MODEL")
    if named:
        return named
    network = PlacedLight(width=0.1, tells_flash=True)
    rng = np.random.default_rng(0)
    network.set_weights([rng.normal(0, 0.15, w.shape) for w in network.get_weights()])
    folder = tmp_path_factory.mktemp("placed_light")
    network.save(folder / "placed_light.keras")
    words = f"--model {folder / 'placed_light.keras'} --output {folder} --formats int8"
    assert export(f"{words} --size 64x48 --threads 1".split()) == 0
    return folder / "placed_light_64x48_int8.tflite"


@pytest.fixture(scope="module")
def page(model, tmp_path_factory):
    """Build the page with the network from a copy of the demo and return its folder."""
    node.install()
    checkout = tmp_path_factory.mktemp("checkout")
    (checkout / "keras_f2a").symlink_to(ROOT / "keras_f2a")
    made = shutil.ignore_patterns("node_modules", "dist", "model", "build")
    project = shutil.copytree(node.DEMO, checkout / "web_demo", ignore=made)
    (project / "node_modules").symlink_to(node.DEMO / "node_modules")
    assert export(["--model", str(model), "--web", str(project)]) == 0
    dist = checkout / "dist"
    node.run("vite", "build", project, "--config", project / "vite.config.ts", "--outDir", dist)
    return dist


@pytest.fixture(scope="module")
def results(page, tmp_path_factory):
    """Let the page save its results and return the folders of the photographs and the results."""
    chromium = require_program("chromium", "chromium")
    folder = tmp_path_factory.mktemp("lights")
    photos, output = folder / "photos", folder / "results"
    photos.mkdir()
    output.mkdir()
    with Image.open(SCENE) as scene:
        scene.convert("RGB").resize((701, 523)).save(photos / "scene.png")
    portrait(480, 640).save(photos / "upright.png", exif=exif_block(details=NOT_FIRED))
    places = {"WEB_DEMO_DIST": page, "PHOTOS": photos, "RESULTS": output, "CHROMIUM": chromium}
    node.run("vitest", "run", "--project", "lights", **places)
    return photos, output


def test_the_page_saves_what_the_command_makes_of_each_light(model, results, tmp_path):
    photos, output = results
    saved = {path.stem: path for path in output.glob("*.png")}
    lines = [line.split(" ") for line in (output / "lights.txt").read_text().splitlines()]
    asked = {name: ["--light", light, "--strength", strength] for name, light, strength in lines}
    assert saved.keys() == asked.keys() >= {*NAMES, *DRAGGED}
    for name, path in saved.items():
        photo = photos / ("upright.png" if name.startswith("upright") else "scene.png")
        words = [photo, "--model", model, *asked[name], "--output", tmp_path / name]
        assert correct.main([str(word) for word in words]) == 0
        difference = np.abs(pixels(path) - pixels(tmp_path / name / photo.name))
        print(f"{name}, {asked[name]}: largest difference {difference.max()} of 255")
        assert difference.max() <= 1, name
    auto = pixels(saved["auto"])
    for name in ("touched", "lamp-left", *DRAGGED):
        assert np.abs(pixels(saved[name]) - auto).max() > 5, name
    once, *stronger = (pixels(saved[name]) for name in DRAGGED)
    for image in stronger:
        assert np.abs(image - once).max() > 5


def pixels(file):
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB"), np.int16)
