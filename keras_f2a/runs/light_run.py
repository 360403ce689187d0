"""Trains the network for placed light from rendered views: one function from settings to files.

The run directory holds `config.json`, `history.csv` and `checkpoint.keras`. When training is done,
it also holds `placed_light.keras`, its scores in `results.json`, and `MODEL_CARD.md`.
"""

import json
import logging
import math
from dataclasses import dataclass
from pathlib import Path

import keras

from keras_f2a.data.light_batches import encoded_views, steps_in_epoch, training_batches
from keras_f2a.data.light_views import EncodedView
from keras_f2a.light_training.compiled_model import (
    adapt_batches,
    build_compiled_model,
    build_network,
)
from keras_f2a.light_training.scores import score
from keras_f2a.model_files.image_to_image import DEFAULT_WORKING_SIZE
from keras_f2a.models.placed_light import REDUCTIONS, PlacedLight
from keras_f2a.runs.light_card import model_card
from keras_f2a.runs.light_checkpoint import CHECKPOINT, LightRunKeeper, restore
from keras_f2a.runs.light_settings import PlacedLightSettings
from keras_f2a.runs.run_lock import locked
from keras_f2a.runs.start_weights import load_light_start_weights
from keras_f2a.support.atomic_file import named_file, write_text
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.support.folders import writable_folder
from keras_f2a.support.provenance import package_versions, source_commit
from keras_f2a.support.settings import check_values

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PlacedLightResult:
    """The files and scores of a finished run.

    Attributes:
        network: The file of the trained network.
        card: The network's model card.
        scores: Scores on held-out views, as `keras_f2a.light_training.scores.score` returns them.
    """

    network: Path
    card: Path
    scores: dict[str, float]


def train_placed_light(settings: PlacedLightSettings) -> PlacedLightResult:
    """Train a network for placed light, or resume a run that was interrupted.

    If it is called again with the same settings, the run resumes after its last finished epoch and
    ends with the same weights as if it had never stopped.

    Args:
        settings: The settings.

    Raises:
        InputError: Settings, views or the run directory are not usable. Nothing was started.
        WorkError: The run could not be finished. Its last checkpoint is kept.
    """
    check_values(settings)
    folder = writable_folder(settings.run_dir, "run_dir")
    with locked(folder):
        data = settings.data
        views = encoded_views(data.views, scenes=data.scenes)
        held_out = encoded_views(data.views, "held_out")
        steps = steps_in_epoch(views, data.batch_size)
        record = {
            "settings": settings.as_dict(),
            "views": {"training": _count_views(views), "held_out": _count_views(held_out)},
        }
        _check_same_run(folder, record)
        network = _train_network(folder, settings, views, held_out, steps)
        return _write_results(folder, network, settings, held_out, record)


def _train_network(
    folder: Path,
    settings: PlacedLightSettings,
    views: list[EncodedView],
    held_out: list[EncodedView],
    steps: int,
) -> PlacedLight:
    keras.utils.set_random_seed(settings.seed)
    network = build_network(settings.training)
    # A checkpoint holds all weights, so the file that the run started from may be gone.
    if settings.start_from is not None and not (folder / CHECKPOINT).is_file():
        load_light_start_weights(network, settings.start_from)
    model = build_compiled_model(network, settings.training, settings.epochs * steps)
    history = restore(model, folder)
    done = len(history)
    _logger.info(
        f"{len(views)} views to train on, {len(held_out)} held out; {network.count_params():,} "
        f"parameters; {steps} steps an epoch; {done} of {settings.epochs} epochs done"
    )
    if done < settings.epochs:
        keeper = LightRunKeeper(
            folder,
            history,
            epochs=settings.epochs,
            validate_every=settings.validate_every,
            score=lambda: score(network, held_out, settings.data.long_side),
        )
        batches = training_batches(views, settings.data, seed=settings.seed, first_epoch=done)
        model.fit(
            adapt_batches(model, batches),
            initial_epoch=done,
            epochs=settings.epochs,
            steps_per_epoch=steps,
            callbacks=[keeper],
            shuffle=False,
            verbose=0,
        )
    return network


def _write_results(
    folder: Path,
    network: PlacedLight,
    settings: PlacedLightSettings,
    held_out: list[EncodedView],
    record: dict,
) -> PlacedLightResult:
    deployed = network.reduced(reduction_for(settings.data.long_side))
    path = folder / "placed_light.keras"
    with named_file(path) as temporary:
        deployed.save(temporary)
    scores = score(network, held_out, settings.data.long_side)
    result = PlacedLightResult(path, folder / "MODEL_CARD.md", scores)
    provenance = {**record, "versions": package_versions(), "commit": source_commit()}
    _write(folder / "results.json", json.dumps({"scores": scores, **provenance}, indent=2) + "\n")
    _write(result.card, model_card(deployed, settings, scores=scores, views=record["views"]))
    return result


def reduction_for(long_side: int) -> int:
    """Return the reduction that brings photographs closest to the size of the training pictures.

    Args:
        long_side: Long side of the training pictures. Photographs come at `DEFAULT_WORKING_SIZE`.
    """
    target = math.log2(DEFAULT_WORKING_SIZE / long_side)
    return min(REDUCTIONS, key=lambda reduction: abs(math.log2(reduction) - target))


def _check_same_run(folder: Path, record: dict) -> None:
    """Record what a run is made of, or compare it with the record of an unfinished run.

    Raises:
        InputError: The folder holds a run with other settings or views, or the run's record is
            missing or damaged.
    """
    path = folder / "config.json"
    if not path.is_file():
        if any((folder / name).exists() for name in ("checkpoint.keras", "placed_light.keras")):
            raise InputError(f"{path}: is missing; restore it, or choose another `run_dir`")
        _write(path, json.dumps(record, indent=2) + "\n")
        return
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))
        recorded_settings, recorded_views = dict(recorded["settings"]), recorded["views"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path}: does not belong to a run; choose another `run_dir`") from error
    settings = record["settings"]
    # Paths, the validation interval and the number of workers do not affect what is learned.
    may_differ = {"run_dir", "views", "validate_every", "workers"}
    problems = [
        f"`{name}` is {settings[name]}, was {recorded_settings.get(name)}"
        for name in settings.keys() - may_differ
        if settings[name] != recorded_settings.get(name)
    ]
    if recorded_views != record["views"]:
        problems.append("`views` contains other views")
    if problems:
        raise InputError(
            f"contains a run with other settings ({'; '.join(problems)}); use those, or choose "
            "another folder",
            setting="run_dir",
            value=folder,
        )


def _count_views(views: list[EncodedView]) -> dict[str, int]:
    """Return the numbers of views, scenes and lights."""
    return {
        "views": len(views),
        "scenes": len({view.record["scene"] for view in views}),
        "lights": sum(len(view.record["lights"]) for view in views),
    }


def _write(path: Path, text: str) -> None:
    try:
        write_text(path, text)
    except OSError as error:
        raise WorkError(f"{path}: could not be written ({error.strerror})") from error
