"""Rendered views under described lights: how a view is encoded, and shards read into arrays.

`python -m tools.render_views` makes the shards. A shard holds whole scenes, and a scene has several
views. A light picture is stored by value v in 0 to 255 as 12 (v / 255)^2.6 of its mean, in WebP.

A light is described by nine numbers in the camera's axes (right, up, forward), lengths as shares of
the distance to what the camera aims at: direction to the light's center (3, a unit vector),
log(distance + 0.1), direction in which it shines (3, zero if to all sides), log(size + 0.02) with
the root of its area as the size, and the spread of its panels; then its kind, one of KINDS.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from PIL import Image

from keras_f2a.support.atomic_file import named_file
from keras_f2a.support.errors import InputError, one_line

KINDS = ("ceiling", "window", "lamp", "room")
NUMBERS = 9
BRIGHTEST = 12.0
EXPONENT = 2.6
SPLITS = ("train", "held_out")
QUALITY = 85
_CENTER = np.array([0, 0.3, -0.1, 0.4, 0, -0.3, 0.1, -0.7, 0.1], np.float32)
_SCALE = np.array([0.6, 0.5, 0.6, 0.6, 0.6, 0.5, 0.6, 1.0, 0.3], np.float32)
"""Middle and width of the ranges of the nine numbers: fixed, so that files stay comparable."""


@dataclass(frozen=True)
class EncodedView:
    """A view as a shard holds it.

    Attributes:
        record: Scene, number of the view, split, layout, lights and scale of its depth.
        pictures: WebP files: flash, one for each light, normals, inverse depth.
    """

    record: dict
    pictures: list[bytes]


@dataclass(frozen=True)
class LightView:
    """One view, in linear light.

    Attributes:
        scene: Number of the scene.
        flash: Radiance under the flash at a mean of 1, linear RGB, float32, (height, width, 3).
        lights: The same under each light, (lights, height, width, 3).
        descriptions: What is told of each light, normalized, float32, (lights, 9 + kinds).
        normal: Unit vectors (right, up, toward the lens), float32, (height, width, 3).
        inverse_depth: Subject distance / distance, 0 where nothing is, float32, (height, width, 1).
        kinds: Kind of each light.
        sides: -1, 1 or 0 for lights from the left, the right, or neither.
    """

    scene: int
    flash: np.ndarray
    lights: np.ndarray
    descriptions: np.ndarray
    normal: np.ndarray
    inverse_depth: np.ndarray
    kinds: tuple[str, ...]
    sides: tuple[int, ...]


def encode_view(
    *,
    place: dict,
    flash: np.ndarray,
    lights: list[tuple[str, list[float], np.ndarray]],
    normal: np.ndarray,
    distance: np.ndarray,
    subject_distance: float,
) -> EncodedView:
    """Encode one view.

    Args:
        place: Scene, view, split and layout.
        flash: Radiance under the flash, linear RGB, any scale, (height, width, 3).
        lights: Kind, description and radiance of each light.
        normal: Unit vectors (right, up, toward the lens), (height, width, 3).
        distance: From the lens in meters, 0 where nothing is, (height, width).
        subject_distance: From the lens to what it aims at, meters.
    """
    near = np.where(distance > 0, subject_distance / np.maximum(distance, 0.05), 0.0)
    most = max(float(np.percentile(near, 99.5)), 1e-3)
    record = {
        **place,
        "lights": [{"kind": kind, "numbers": numbers} for kind, numbers, _ in lights],
        "nearest": round(most, 5),
    }
    levels = [_levels(picture) for picture in (flash, *(picture for _, _, picture in lights))]
    levels.append(np.round(127.5 + 127.5 * np.clip(normal, -1, 1)))
    levels.append(np.round(255 * np.clip(near / most, 0, 1))[..., None].repeat(3, axis=-1))
    return EncodedView(record, [_webp(level.astype(np.uint8)) for level in levels])


def write_shard(path: Path, views: list[EncodedView]) -> None:
    """Store views in one file, which is there whole or not at all.

    Raises:
        WorkError: The file could not be written.
    """
    blobs = [blob for view in views for blob in view.pictures]
    records = json.dumps([view.record for view in views], separators=(",", ":")).encode()
    with named_file(path) as temporary, temporary.open("wb") as file:
        np.savez(
            file,
            records=np.frombuffer(records, np.uint8),
            pictures=np.frombuffer(b"".join(blobs), np.uint8),
            ends=np.cumsum([len(blob) for blob in blobs], dtype=np.int64),
        )


def read_views(folder: str | Path, split: str = "train") -> Iterator[LightView]:
    """Views of the scenes of one split, shard by shard.

    Args:
        folder: Folder of shards.
        split: One of SPLITS; no scene and none of its models is in both.

    Raises:
        InputError: The split is unknown, the folder has no shard, or one is damaged.
    """
    if split not in SPLITS:
        raise InputError(f"split: {split!r} is unknown; choose one of {', '.join(SPLITS)}")
    paths = sorted(Path(folder).glob("views_*.npz"))
    if not paths:
        raise InputError(f"{folder}: has no views_*.npz; `make views` renders them")
    for path in paths:
        try:
            yield from _shard(path, split)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise InputError(f"{path}: is damaged ({one_line(error)}); render it again") from error


def normalized(numbers: np.ndarray, kind: str) -> np.ndarray:
    """Input of a network: the nine numbers of a light about 0, then its kind as one of KINDS."""
    chosen = np.array([kind == name for name in KINDS], np.float32)
    return np.concatenate([(np.asarray(numbers, np.float32) - _CENTER) / _SCALE, chosen])


def _shard(path: Path, split: str) -> Iterator[LightView]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        records = json.loads(stored["records"].tobytes())
        blob, ends = stored["pictures"].tobytes(), stored["ends"].tolist()
    starts, number = [0, *ends], 0
    for record in records:
        count = len(record["lights"]) + 3
        if (record["split"] == "test") == (split == "held_out"):
            spans = range(number, number + count)
            yield _view(record, [_pixels(blob[starts[i] : ends[i]]) for i in spans])
        number += count


def _view(record: dict, levels: list[np.ndarray]) -> LightView:
    flash, *lights, normal, near = levels
    normal = normal.astype(np.float32) / 127.5 - 1
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    described = [(light["kind"], light["numbers"]) for light in record["lights"]]
    shape = (0, *flash.shape)
    return LightView(
        scene=record["scene"],
        flash=_linear(flash),
        lights=np.stack([_linear(light) for light in lights]) if lights else np.zeros(shape),
        descriptions=np.array([normalized(numbers, kind) for kind, numbers in described]),
        normal=normal / np.maximum(length, 1e-6),
        inverse_depth=near[..., :1].astype(np.float32) / 255 * record["nearest"],
        kinds=tuple(kind for kind, _ in described),
        sides=tuple(_side(kind, numbers) for kind, numbers in described),
    )


def _side(kind: str, numbers: list[float]) -> int:
    return 0 if kind not in ("window", "lamp") else int(np.sign(numbers[0]))


def _levels(picture: np.ndarray) -> np.ndarray:
    relative = picture / max(float(picture.mean()), 1e-9)
    return np.round(255 * np.clip(relative / BRIGHTEST, 0, 1) ** (1 / EXPONENT))


def _linear(levels: np.ndarray) -> np.ndarray:
    picture = BRIGHTEST * (levels.astype(np.float32) / 255) ** EXPONENT
    return picture / max(float(picture.mean()), 1e-6)


def _webp(levels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "WEBP", quality=QUALITY, method=4)
    return file.getvalue()


def _pixels(blob: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(blob)) as image:
        return np.asarray(image.convert("RGB"))
