"""Scores of a network for placed light on unseen scenes, for each kind of light."""

from collections.abc import Iterable, Iterator
from itertools import combinations

import keras
import numpy as np

from keras_f2a.data.light_samples import LightSample, plain_sample
from keras_f2a.data.light_views import EncodedView
from keras_f2a.light_training.losses import relight
from keras_f2a.models.placed_light import PlacedLight
from keras_f2a.support.errors import InputError

_SIDE_SUFFIXES = {-1: "-left", 0: "", 1: "-right"}
_LIGHT_BATCH_SIZE = 4
_KINDS_WITH_SIDES = ("window", "lamp")
_PAIRS = [{f"{kind}-left", f"{kind}-right"} for kind in _KINDS_WITH_SIDES]


def score(network: PlacedLight, views: Iterable[EncodedView], long_side: int) -> dict[str, float]:
    """Compare every light of every view with the scene under that light.

    Args:
        network: The network.
        views: Views of scenes that were not used in training.
        long_side: Long side of the pictures in pixels.

    Returns:
        These scores by name:

        - `gain_db/NAME` for each light's name, for example `"window-left"`: how many decibels
          closer the relit photograph is to the scene under that light than the original photograph
          is. Both have the same mean. It is a mean over the views, and `number/NAME` is the number
          of lights with that name.
        - `gain_db`, the mean over all lights, and `number`, the number of lights.
        - `sides`: the share of pairs, a left and a right light of one kind in one view, whose
          difference between the halves of the picture has the right sign. `number/sides` is the
          number of pairs.
        - `flash`, only if the network predicts the flash's share: the share of photographs that it
          correctly classifies as with or without flash. Each view counts once with the flash alone
          and once with all lights and no flash. `number/flash` is the number of photographs.

    Raises:
        InputError: There are no views, or they show no light.
    """
    gains: dict[str, list[float]] = {}
    sides: list[bool] = []
    flash: list[bool] = []
    # Build it once, because Keras compiles each new model again.
    reader = network.flash_reader() if network.tells_flash else None
    for view in views:
        sample = plain_sample(view, long_side)
        log_gain, pictures = _relight_view(network, sample)
        names = light_names(view)
        for index, name in enumerate(names):
            target, weight = sample.pictures[index, ..., :3], sample.pictures[index, ..., 3:]
            before = _psnr(sample.flash, target, weight)
            gains.setdefault(name, []).append(_psnr(pictures[index], target, weight) - before)
        sides += _compare_sides(names, log_gain, sample)
        if reader is not None:
            flash += _classify_flash(reader, sample)
    all_gains = [gain for values in gains.values() for gain in values]
    if not all_gains:
        raise InputError("there is no light to score; give `views` that show at least one")
    scores = {"gain_db": float(np.mean(all_gains)), "number": float(len(all_gains))}
    for name in sorted(gains):
        scores[f"gain_db/{name}"] = float(np.mean(gains[name]))
        scores[f"number/{name}"] = float(len(gains[name]))
    for name, outcomes in (("sides", sides), ("flash", flash)):
        if outcomes:
            scores[name] = float(np.mean(outcomes))
            scores[f"number/{name}"] = float(len(outcomes))
    return scores


def light_names(view: EncodedView) -> list[str]:
    """Return the names of a view's lights: their kind, and the side of a window or lamp."""
    return [_light_name(light) for light in view.record["lights"]]


def _light_name(light: dict) -> str:
    if light["kind"] not in _KINDS_WITH_SIDES:
        return light["kind"]
    return light["kind"] + _SIDE_SUFFIXES[int(np.sign(light["numbers"][0]))]


def _relight_view(network: PlacedLight, sample: LightSample) -> tuple[np.ndarray, np.ndarray]:
    """Return log gains, (lights, height, width, 1), and relit photographs in [0, 1]."""
    flash, count = sample.flash[None], len(sample.lights)
    # Pad the number of lights, which varies, because some backends compile a program for each.
    padding = -count % _LIGHT_BATCH_SIZE
    lights = np.pad(sample.lights, ((0, padding), (0, 0)), mode="edge")[None]
    log_gain = np.asarray(network.predict_on_batch([flash, lights])["gain"])[:, :count]
    return log_gain[0], np.clip(np.asarray(relight(flash, log_gain))[0], 0, 1)


def _classify_flash(reader: keras.Model, sample: LightSample) -> list[bool]:
    """Return, for both photographs of a sample, whether the network is right about the flash."""
    photographs = np.stack([sample.flash, sample.mixed])
    shares = np.asarray(reader.predict_on_batch(photographs))[:, 0]
    return [bool(is_correct) for is_correct in (shares > 0.5) == (sample.flash_shares > 0.5)]


def _compare_sides(names: list[str], log_gain: np.ndarray, sample: LightSample) -> Iterator[bool]:
    """Yield, for each pair of a left and a right light of a kind, whether the sign is right."""
    for first, second in combinations(range(len(names)), 2):
        if {names[first], names[second]} not in _PAIRS:
            continue
        gain = log_gain[[first, second], ..., 0]
        predicted = _left_right_slope(gain[0]) - _left_right_slope(gain[1])
        luma = np.log(sample.pictures[[first, second], ..., :3].mean(axis=-1) + 0.02)
        expected = _left_right_slope(luma[0]) - _left_right_slope(luma[1])
        yield bool(predicted * expected > 0)


def _left_right_slope(values: np.ndarray) -> float:
    """Return how much the mean of the right half exceeds that of the left half."""
    half = values.shape[1] // 2
    return float(values[:, -half:].mean() - values[:, :half].mean())


def _psnr(picture: np.ndarray, target: np.ndarray, weight: np.ndarray) -> float:
    error = float((weight * (picture - target) ** 2).mean() / max(float(weight.mean()), 1e-6))
    return -10 * float(np.log10(max(error, 1e-9)))
