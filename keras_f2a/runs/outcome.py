"""What a finished run leaves: the generator, its metrics and a picture."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image

from keras_f2a.generator_files import load_generator
from keras_f2a.imaging.labelled_grid import labelled_grid
from keras_f2a.runs.checkpoint import averaged_weights, save_generator
from keras_f2a.runs.comparison import SCORES, gain
from keras_f2a.runs.preparation import PreparedRun
from keras_f2a.runs.run_directory import RunDirectory
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.training.base_model import PairModel
from keras_f2a.training.losses import attention_map

_PICTURED = 8
_HEADINGS = ("flash", "generated", "ambient", "attention map")


@dataclass(frozen=True)
class TrainingResult:
    """What a finished run leaves.

    Attributes:
        generator: The trained generator, a `.keras` file.
        picture: Flash, generated, ambient image and attention map of some validation pairs.
        results: A JSON file with `metrics`, `warnings` and the settings.
        metrics: Of the validation pairs: PSNR and SSIM of the `flash` photographs unchanged;
            losses, PSNR and SSIM of the generator `before` and `after` training; and the `gain`,
            how much PSNR and SSIM after training are above those of the flash photographs.
        kept: Whether the files stay; of several workers only the chief's do.
    """

    generator: Path
    picture: Path
    results: Path
    metrics: dict[str, dict[str, float]]
    kept: bool = True

    def warnings(self) -> list[str]:
        """What a user must know before the generator is used."""
        below = [name.upper() for name, value in self.metrics["gain"].items() if value < 0]
        if not below:
            return []
        return [
            f"the results are below the unchanged flash photographs in {' and '.join(below)}: do "
            "not use this generator, train longer or with more pairs"
        ]

    def closing_lines(self) -> list[str]:
        """What the run ends with: the scores of flash photographs and results, and warnings."""
        flash, after, gain = (self.metrics[name] for name in ("flash", "after", "gain"))
        return [
            f"flash photographs, unchanged: PSNR {flash['psnr']:.2f} dB, SSIM {flash['ssim']:.4f}",
            f"results of the validation pairs: PSNR {after['psnr']:.2f} dB, "
            f"SSIM {after['ssim']:.4f}",
            f"difference: PSNR {gain['psnr']:+.2f} dB, SSIM {gain['ssim']:+.4f}",
            *(f"WARNING: {warning}" for warning in self.warnings()),
        ]


def write_outcome(run: PreparedRun) -> TrainingResult:
    """Writes `generator.keras`, `results.json` and `results.png` of a trained model.

    Raises:
        WorkError: The best generator is wanted, and there is none or it is damaged.
    """
    directory, model = run.directory, run.model
    with _chosen_weights(run):
        with directory.replacing(directory.generator) as temporary:
            save_generator(model, temporary)
        after = model.evaluate(run.validation_batches, verbose=0, return_dict=True)
        picture = sample_picture(model, run.validation.take(_PICTURED))
    with directory.replacing(directory.picture) as temporary:
        picture.save(temporary)
    untrained = run.history[0]
    flash = {name: untrained[f"val_flash_{name}"] for name in SCORES}
    metrics = {
        "flash": flash,
        "before": {name: untrained[f"val_{name}"] for name in after},
        "after": after,
        "gain": gain(after, flash),
    }
    result = TrainingResult(directory.generator, directory.picture, directory.results, metrics)
    recorded = {"metrics": metrics, "warnings": result.warnings()}
    directory.write_json(directory.results, {**recorded, "settings": run.settings.as_dict()})
    return result


def read_outcome(settings: TrainingSettings, directory: RunDirectory) -> TrainingResult | None:
    """What `write_outcome` left for these settings, or `None` if the run is not finished.

    Raises:
        InputError: `results.json` holds no results.
    """
    left = (directory.generator, directory.picture, directory.results)
    if not all(path.is_file() for path in (*left, directory.history)):
        return None
    try:
        results = json.loads(directory.results.read_text(encoding="utf-8"))
        metrics, done = results["metrics"], results["settings"]
        if (done["epochs"], done["final"]) != (settings.epochs, settings.final):
            return None
        if not {"flash", "after", "gain"} <= metrics.keys():
            return None  # Of an earlier version, which did not compare.
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{directory.results}: not the results of a run; move it away and repeat this"
        ) from error
    return TrainingResult(*left, metrics)


def sample_picture(model: PairModel, samples: tf.data.Dataset) -> Image.Image:
    """Flash, generated, ambient image and attention map of each batch's first image in a row."""
    rows = []
    for flash, ambient in samples:
        images = (flash, model(flash, training=False), ambient, attention_map(flash, ambient))
        # DeepFlash's images carry their filtered selves in further channels.
        rows.append([np.asarray(image[0, ..., :3]) for image in images])
    return labelled_grid(rows, _HEADINGS)


@contextmanager
def _chosen_weights(run: PreparedRun) -> Iterator[None]:
    """Inside the block the generator has the weights that the run is to leave."""
    if run.settings.final == "last":
        with averaged_weights(run.model):
            yield
        return
    generator = run.model.generator
    trained = generator.get_weights()
    generator.set_weights(_best_weights(run.directory))
    yield
    generator.set_weights(trained)


def _best_weights(directory: RunDirectory) -> list[np.ndarray]:
    best = directory.best_generator
    try:
        if directory.digests.changed(best):
            raise ValueError("changed since it was written")
        return load_generator(best).get_weights()
    except (OSError, ValueError) as error:
        problem = "damaged" if best.is_file() else "missing: no epoch's validation had a PSNR"
        raise WorkError(
            f"{best}: {problem}; training is done and its last checkpoint kept: repeat this with "
            "`final=last`, which leaves the last epoch's generator"
        ) from error
