"""What a finished run leaves: the generator, its metrics and a picture."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import keras
import tensorflow as tf

from keras_f2a.runs.checkpoint import averaged_weights, save_generator
from keras_f2a.runs.run_directory import RunDirectory
from keras_f2a.runs.samples import sample_picture
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.atomic_file import atomic_path, write_text
from keras_f2a.training.flash_to_ambient import FlashToAmbient

_PICTURED = 8


@dataclass(frozen=True)
class TrainingResult:
    """What a finished run leaves.

    Attributes:
        generator: The trained generator, a `.keras` file.
        picture: Flash, generated, ambient image and attention map of some validation pairs.
        results: A JSON file with `metrics` and the settings.
        metrics: Losses, PSNR and SSIM of the validation pairs, `before` and `after` training.
    """

    generator: Path
    picture: Path
    results: Path
    metrics: dict[str, dict[str, float]]


def write_outcome(
    settings: TrainingSettings,
    run: RunDirectory,
    validation: tf.data.Dataset,
    model: FlashToAmbient,
) -> TrainingResult:
    """Writes `generator.keras`, `results.json` and `results.png` of a trained model."""
    with _chosen_weights(settings, run, model):
        save_generator(model, run.generator)
        after = model.evaluate(validation, verbose=0, return_dict=True)
        picture = sample_picture(model, validation.take(_PICTURED))
    with atomic_path(run.picture) as temporary:
        picture.save(temporary)
    metrics = {"before": _untrained(run), "after": after}
    results = {"metrics": metrics, "settings": settings.as_dict()}
    write_text(run.results, json.dumps(results, indent=2) + "\n")
    return TrainingResult(run.generator, run.picture, run.results, metrics)


def read_outcome(settings: TrainingSettings, run: RunDirectory) -> TrainingResult | None:
    """What `write_outcome` left for these settings, or `None` if the run is not finished."""
    if not (run.results.is_file() and run.generator.is_file() and run.picture.is_file()):
        return None
    results = json.loads(run.results.read_text(encoding="utf-8"))
    done = results["settings"]
    if (done["epochs"], done["final"]) != (settings.epochs, settings.final):
        return None
    return TrainingResult(run.generator, run.picture, run.results, results["metrics"])


@contextmanager
def _chosen_weights(
    settings: TrainingSettings, run: RunDirectory, model: FlashToAmbient
) -> Iterator[None]:
    """Inside the block the generator has the weights that the run is to leave."""
    if settings.final == "last":
        with averaged_weights(model):
            yield
        return
    trained = model.generator.get_weights()
    best = keras.saving.load_model(run.best_generator, compile=False)
    model.generator.set_weights(best.get_weights())
    yield
    model.generator.set_weights(trained)


def _untrained(run: RunDirectory) -> dict[str, float]:
    """The validation metrics of epoch 0."""
    prefix = "val_"
    row = run.read_history()[0]
    return {name.removeprefix(prefix): row[name] for name in row if name.startswith(prefix)}
