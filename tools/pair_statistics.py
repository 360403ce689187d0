"""Command: print statistics of photograph pairs, to compare rendered pairs with real ones."""

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from tools.scenes.photographs.camera_processing import luma

FLOOR = 0.02
"""Added to both lumas before their ratio is taken, to avoid division by zero."""


def gradient(gray: np.ndarray) -> float:
    """Return the mean gradient magnitude of a grayscale picture, per pixel."""
    return float(np.hypot(*np.gradient(gray)).mean())


def shrunk(gray: np.ndarray, factor: int) -> np.ndarray:
    """Downscale a grayscale picture by averaging blocks of `factor` by `factor` pixels."""
    rows, columns = (side // factor * factor for side in gray.shape)
    blocks = gray[:rows, :columns].reshape(rows // factor, factor, columns // factor, factor)
    return blocks.mean((1, 3))


def saturation(image: np.ndarray) -> float:
    """Return the mean HSV saturation of display-encoded RGB in [0, 1]."""
    most, least = image.max(-1), image.min(-1)
    return float(((most - least) / np.maximum(most, 1e-3)).mean())


def statistics(flash: np.ndarray, ambient: np.ndarray) -> dict[str, float]:
    """Compute the statistics of one pair.

    Args:
        flash: Display-encoded RGB in [0, 1], shape (height, width, 3).
        ambient: The same scene without flash.

    Returns:
        Values by name. Lumas use Rec. 601 weights, and the log ratio is in stops.
    """
    grays = {"flash": luma(flash), "ambient": luma(ambient)}
    result: dict[str, float] = {}
    for name, gray in grays.items():
        result[f"{name}: mean luma"] = float(gray.mean())
        result[f"{name}: spread of luma"] = float(gray.std())
        for factor in (1, 4, 8):
            result[f"{name}: gradient at 1/{factor}"] = gradient(shrunk(gray, factor))
    result["flash: saturation"] = saturation(flash)
    result["ambient: saturation"] = saturation(ambient)
    ratio = np.log2((grays["ambient"] + FLOOR) / (grays["flash"] + FLOOR))
    result["log ratio: mean"] = float(ratio.mean())
    result["log ratio: spread"] = float(ratio.std())
    lumas = (grays["flash"].ravel(), grays["ambient"].ravel())
    result["correlation of the lumas"] = float(np.corrcoef(*lumas)[0, 1])
    result["PSNR between the two"] = float(-10 * np.log10(((flash - ambient) ** 2).mean()))
    return result


def folder_statistics(folder: Path) -> dict[str, tuple[float, float]]:
    """Return the mean and standard deviation of each statistic over all pairs under a folder.

    Raises:
        FileNotFoundError: If the folder holds no pair.
    """
    rows = []
    for path in sorted(folder.rglob("*_flash.*")):
        other = path.with_name(path.name.replace("_flash", "_ambient"))
        with Image.open(path) as flash, Image.open(other) as ambient:
            pair = [np.asarray(image.convert("RGB")) / 255.0 for image in (flash, ambient)]
        rows.append(statistics(*pair))
    if not rows:
        raise FileNotFoundError(f"{folder}: no file is named like NAME_flash.png")
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {name: (float(values.mean()), float(values.std())) for name, values in table.items()}


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.pair_statistics",
        description="Prints a Markdown table: mean ± standard deviation over the pairs of folders.",
    )
    parser.add_argument("folders", nargs="+", type=Path, help="folders of pairs")
    options = parser.parse_args(arguments)
    try:
        columns = [folder_statistics(folder) for folder in options.folders]
    except OSError as error:
        print(f"pair_statistics: {error}", file=sys.stderr)
        return 1
    print("| | " + " | ".join(str(folder) for folder in options.folders) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for name in columns[0]:
        cells = " | ".join("{:.3f} ± {:.3f}".format(*column[name]) for column in columns)
        print(f"| {name} | {cells} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
