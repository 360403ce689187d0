import json

import keras
import pytest
import tensorflow as tf

import keras_f2a
from export.exporter import export_generator
from export.saved_model import write_saved_model
from export.settings import FORMATS, ExportSettings, ImageSize

SIZE = ImageSize(48, 64)


@pytest.fixture(scope="session")
def generator():
    """A small generator with ImageNet's preprocessing and seeded weights."""
    keras.utils.set_random_seed(1)
    return keras_f2a.VGG16Generator(encoder_weights=None, width=1 / 16)


@pytest.fixture(scope="session")
def exported(generator, tmp_path_factory):
    """One export of every format; returns the result, the folder and the report."""
    folder = tmp_path_factory.mktemp("export")
    generator.save(folder / "generator.keras")
    settings = ExportSettings(
        model=str(folder),
        output=str(folder / "files"),
        formats=FORMATS,
        sizes=(SIZE,),
        max_megapixels=0.01,
        fine_tuning_steps=2,
        model_version=3,
    )
    result = export_generator(settings)
    report = json.loads((folder / "files" / "report.json").read_text())
    return result, folder / "files", report


@pytest.fixture(scope="session")
def model_folder(generator, tmp_path_factory):
    """A SavedModel of the generator for photographs of up to 10,000 pixels."""
    path = tmp_path_factory.mktemp("models") / "flash_to_ambient" / "1"
    write_saved_model(generator, path, max_megapixels=0.01)
    return path


@pytest.fixture(scope="session")
def signatures(model_folder):
    """The signatures of that SavedModel."""
    return tf.saved_model.load(model_folder).signatures
