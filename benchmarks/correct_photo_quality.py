"""Quality: the loss from the small copy to full size, on flash/ambient pairs."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import uniform_filter

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.full_resolution import apply_local_affine, fit_local_affine
from keras_f2a.correction.pixels import ArrayPixels

MAX_LOSS = 0.2
MIN_KEPT_ENERGY = 0.95
_SIZE = 320
_NEIGHBORHOOD = 31


def measure_quality(flashes: Sequence[Path], model: Path | None, output: Path | None) -> bool:
    """Print the quality of each photograph. Return whether the model's targets were met.

    PSNR in dB is measured for the flash image ("unchanged"), the network's output ("small") and
    the full-size result ("full"), each against the ambient image of its size.

    Gradient energy is the sum of squared differences of neighboring pixels, relative to the flash
    image's. The target is on that of the result ("kept"). For reference, it is also printed for
    the network's output at its own size ("network") and for the true ambient image ("ambient").
    "per light" is that of the result without the local change in brightness, because light half as
    bright has a quarter of the energy, even with all of its detail.
    """
    print("\n## Quality (loss of the step, with the small ambient image as the network's output)")
    for name, flash, ambient in _pairs(flashes):
        small_flash, small_ambient = _downscale(flash, _SIZE), _downscale(ambient, _SIZE)
        result = flash.copy()
        apply_local_affine(fit_local_affine(small_flash, small_ambient), ArrayPixels(result))
        _report(f"{name} ideal", flash, ambient, result, small_ambient, output)
    if model is None:
        print("\n## Quality of a trained generator\nSKIPPED: no generator; name one with --model")
        return True
    print(f"\n## Quality of {model.name}")
    corrector, met = Corrector(model), []
    for name, flash, ambient in _pairs(flashes):
        _, small = corrector.run_network(ArrayPixels(flash))
        met.append(_report(name, flash, ambient, corrector.correct(flash), small, output))
    print(
        f"targets (full at most {MAX_LOSS} dB below small, at least {MIN_KEPT_ENERGY:.0%} of the "
        f"gradient energy kept): {'met' if all(met) else 'MISSED'}"
    )
    return all(met)


def _pairs(flashes: Sequence[Path]) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    for path in flashes:
        name = path.name.removesuffix("_flash.jpg")
        files = path, path.with_name(f"{name}_ambient.jpg")
        flash, ambient = (np.array(Image.open(file).convert("RGB")) for file in files)
        yield name, flash, ambient


def _downscale(image: np.ndarray, long_side: int) -> np.ndarray:
    height, width, _ = image.shape
    scale = long_side / max(height, width)
    return ArrayPixels(image).shrink(round(height * scale), round(width * scale))


def _report(
    name: str,
    flash: np.ndarray,
    ambient: np.ndarray,
    result: np.ndarray,
    small: np.ndarray,
    output: Path | None,
) -> bool:
    small_flash = ArrayPixels(flash).shrink(*small.shape[:2])
    small_ambient = ArrayPixels(ambient).shrink(*small.shape[:2])
    small_psnr, full_psnr = _psnr(small, small_ambient), _psnr(result / 255, ambient / 255)
    kept_energy = _gradient_energy(result) / _gradient_energy(flash)
    network_energy = _gradient_energy(small) / _gradient_energy(small_flash)
    ambient_energy = _gradient_energy(ambient) / _gradient_energy(flash)
    per_light = _per_light(flash, result)
    print(
        f"{name:18} PSNR unchanged {_psnr(flash / 255, ambient / 255):5.2f}"
        f" small {small_psnr:5.2f} full {full_psnr:5.2f}; gradient energy kept {kept_energy:4.0%}"
        f" (network {network_energy:4.0%}, ambient {ambient_energy:4.0%}, per light "
        f"{per_light:4.0%})"
    )
    if output is not None:
        picture = np.concatenate([flash, result, ambient], axis=1)
        Image.fromarray(picture).save(output / f"quality_{name.replace(' ', '_')}.png")
    return full_psnr >= small_psnr - MAX_LOSS and kept_energy >= MIN_KEPT_ENERGY


def _psnr(image: np.ndarray, reference: np.ndarray) -> float:
    with np.errstate(divide="ignore"):  # infinite for equal images
        return float(-10 * np.log10(np.mean((image - reference) ** 2)))


def _gradient_energy(image: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Return the sum of squared differences, with an optional weight per pixel and channel."""
    image = image.astype(np.float32)
    vertical, horizontal = np.diff(image, axis=0) ** 2, np.diff(image, axis=1) ** 2
    if weight is not None:
        vertical, horizontal = vertical * weight[1:], horizontal * weight[:, 1:]
    return float(vertical.sum(dtype=np.float64) + horizontal.sum(dtype=np.float64))


def _per_light(flash: np.ndarray, result: np.ndarray) -> float:
    gain = (_local_mean(result) + 1) / (_local_mean(flash) + 1)
    return _gradient_energy(result) / _gradient_energy(flash, gain**2)


def _local_mean(image: np.ndarray) -> np.ndarray:
    size = (_NEIGHBORHOOD, _NEIGHBORHOOD, 0)
    return uniform_filter(image.astype(np.float32), size, mode="nearest")
