"""How well a network for placed light does on unseen scenes, for each kind of light."""

from collections.abc import Iterable, Iterator
from itertools import combinations

import keras
import numpy as np

from keras_f2a.data.light_samples import LightSample, plain_sample
from keras_f2a.data.light_views import EncodedView
from keras_f2a.light_training.losses import relit
from keras_f2a.models.placed_light import PlacedLight

_SIDES = {-1: "-left", 0: "", 1: "-right"}
_LIGHTS_AT_A_TIME = 4
_KINDS_WITH_SIDES = ("window", "lamp")
_PAIRS = [{f"{kind}-left", f"{kind}-right"} for kind in _KINDS_WITH_SIDES]


def score(network: PlacedLight, views: Iterable[EncodedView], long_side: int) -> dict[str, float]:
    """Compare every light of every view with the scene under that light.

    Args:
        network: The network.
        views: Views of scenes that were not trained on.
        long_side: Of the pictures in pixels.

    Returns:
        For each name of a light, for example `"window-left"`: `gain_db/NAME`, by how many decibels
        the relit photograph is nearer to the scene under that light than the photograph is, both
        at the same mean, as a mean over the views; and `number/NAME`, how many there were. The mean
        over all is `gain_db`. `sides` is the share of pairs of a left and a right light of a kind
        in one view whose difference between the halves of the picture has the right sign, and
        `number/sides` their number. `flash` is the share of photographs, each view once with the
        flash alone and once with all lights and no flash, that a network which tells the flash's
        share calls so, and `number/flash` their number.
    """
    gains: dict[str, list[float]] = {}
    sides: list[bool] = []
    flash: list[bool] = []
    # Built once, because Keras compiles each model anew.
    reader = network.flash_reader() if network.tells_flash else None
    for view in views:
        sample = plain_sample(view, long_side)
        log_gain, pictures = _answers(network, sample)
        names = light_names(view)
        for number, name in enumerate(names):
            target, weight = sample.pictures[number, ..., :3], sample.pictures[number, ..., 3:]
            before = _psnr(sample.flash, target, weight)
            gains.setdefault(name, []).append(_psnr(pictures[number], target, weight) - before)
        sides += _sides(names, log_gain, sample)
        if reader is not None:
            flash += _flash_seen(reader, sample)
    everything = [gain for of_one in gains.values() for gain in of_one]
    scores = {"gain_db": float(np.mean(everything)), "number": float(len(everything))}
    for name in sorted(gains):
        scores[f"gain_db/{name}"] = float(np.mean(gains[name]))
        scores[f"number/{name}"] = float(len(gains[name]))
    for name, right in (("sides", sides), ("flash", flash)):
        if right:
            scores[name] = float(np.mean(right))
            scores[f"number/{name}"] = float(len(right))
    return scores


def light_names(view: EncodedView) -> list[str]:
    """Return what the lights of a view are called: their kind, and the side of a window or lamp."""
    return [
        light["kind"]
        + (_SIDES[int(np.sign(light["numbers"][0]))] if light["kind"] in _KINDS_WITH_SIDES else "")
        for light in view.record["lights"]
    ]


def _answers(network: PlacedLight, sample: LightSample) -> tuple[np.ndarray, np.ndarray]:
    """Log gains, (lights, height, width, 1), and relit photographs in [0, 1]."""
    flash, count = sample.flash[None], len(sample.lights)
    # The number of lights varies, and some backends compile a program for each.
    added = -count % _LIGHTS_AT_A_TIME
    lights = np.pad(sample.lights, ((0, added), (0, 0)), mode="edge")[None]
    log_gain = np.asarray(network.predict_on_batch([flash, lights])["gain"])[:, :count]
    return log_gain[0], np.clip(np.asarray(relit(flash, log_gain))[0], 0, 1)


def _flash_seen(reader: keras.Model, sample: LightSample) -> list[bool]:
    """Return of both photographs of a sample whether the network sees if there is a flash."""
    photographs = np.stack([sample.flash, sample.mixed])
    shares = np.asarray(reader.predict_on_batch(photographs))[:, 0]
    return [bool(right) for right in (shares > 0.5) == (sample.flash_shares > 0.5)]


def _sides(names: list[str], log_gain: np.ndarray, sample: LightSample) -> Iterator[bool]:
    """Return, for each pair of a left and a right light of a kind, whether the sign is right."""
    for one, other in combinations(range(len(names)), 2):
        if {names[one], names[other]} not in _PAIRS:
            continue
        answered = _slope(log_gain[one, ..., 0]) - _slope(log_gain[other, ..., 0])
        luma = np.log(sample.pictures[[one, other], ..., :3].mean(axis=-1) + 0.02)
        wanted = _slope(luma[0]) - _slope(luma[1])
        yield bool(answered * wanted > 0)


def _slope(values: np.ndarray) -> float:
    """By how much the right half exceeds the left one."""
    half = values.shape[1] // 2
    return float(values[:, -half:].mean() - values[:, :half].mean())


def _psnr(picture: np.ndarray, target: np.ndarray, weight: np.ndarray) -> float:
    error = float((weight * (picture - target) ** 2).mean() / max(float(weight.mean()), 1e-6))
    return -10 * float(np.log10(max(error, 1e-9)))
