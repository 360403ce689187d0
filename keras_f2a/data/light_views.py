"""Encodes and decodes rendered views under described lights.

`keras_f2a.data.light_shards` reads and writes the files. A picture of light is stored as WebP, in
which a value v from 0 to 255 stands for 12 (v / 255)^2.6 times the picture's mean.
`keras_f2a.data.light_numbers` explains the numbers that describe a light.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from keras_f2a.data.light_numbers import LIGHT_NUMBERS, describe_light

BRIGHTEST = 12.0
EXPONENT = 2.6
QUALITY = 85
Box = tuple[float, float, float, float]
"""A section of a picture: left, top, right and bottom edge in pixels."""


@dataclass(frozen=True)
class EncodedView:
    """A view as a shard stores it.

    Attributes:
        record: Scene, number of the view, split, layout, lights and depth scale.
        pictures: WebP files: flash, one for each light, normals, inverse depth.
    """

    record: dict
    pictures: list[bytes]

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of its pictures in pixels."""
        with Image.open(io.BytesIO(self.pictures[0])) as image:
            return image.size


@dataclass(frozen=True)
class LightView:
    """One view, in linear light.

    Attributes:
        scene: Number of the scene.
        flash: Radiance under the flash at a mean of 1, linear RGB, float32, (height, width, 3).
        lights: The same under each light, (lights, height, width, 3).
        descriptions: The description of each light, float32, (lights, 13).
        normal: Unit vectors (right, up, toward the lens), float32, (height, width, 3).
        inverse_depth: Subject distance / distance, 0 for background, float32, (height, width, 1).
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
    metadata: dict,
    flash: np.ndarray,
    lights: list[tuple[str, list[float], np.ndarray]],
    normal: np.ndarray,
    distance: np.ndarray,
    subject_distance: float,
) -> EncodedView:
    """Encode one view.

    Args:
        metadata: Scene, view, split and layout.
        flash: Radiance under the flash, linear RGB, any scale, (height, width, 3).
        lights: Kind, description and radiance of each light.
        normal: Unit vectors (right, up, toward the lens), (height, width, 3).
        distance: Distance from the lens in meters, 0 for background, (height, width).
        subject_distance: Distance from the lens to the subject in meters.
    """
    nearness = np.where(distance > 0, subject_distance / np.maximum(distance, 0.05), 0.0)
    nearest = max(float(np.percentile(nearness, 99.5)), 1e-3)
    record = {
        **metadata,
        "lights": [{"kind": kind, "numbers": numbers} for kind, numbers, _ in lights],
        "nearest": round(nearest, 5),
    }
    levels = [_to_levels(picture) for picture in (flash, *(picture for _, _, picture in lights))]
    levels.append(np.round(127.5 + 127.5 * np.clip(normal, -1, 1)))
    levels.append(np.round(255 * np.clip(nearness / nearest, 0, 1))[..., None].repeat(3, axis=-1))
    return EncodedView(record, [_encode_webp(level.astype(np.uint8)) for level in levels])


def decode_view(
    encoded: EncodedView,
    chosen: Sequence[int] | None = None,
    *,
    box: Box | None = None,
    size: tuple[int, int] | None = None,
) -> LightView:
    """Decode one view.

    Args:
        encoded: The view.
        chosen: Indices of the lights to decode, in this order. By default, all.
        box: The section to decode. By default, the whole picture.
        size: (width, height) in pixels to resize to. By default, the size of the whole picture.
    """
    records = encoded.record["lights"]
    flash, *lights, normal, nearness = encoded.pictures
    indices = list(range(len(records)) if chosen is None else chosen)
    selected = [records[i] for i in indices]
    blobs = [flash, *(lights[i] for i in indices)]
    radiance = [_to_radiance(_decode_pixels(blob, box, size)) for blob in blobs]
    direction = _decode_pixels(normal, box, size).astype(np.float32) / 127.5 - 1
    length = np.linalg.norm(direction, axis=-1, keepdims=True)
    relative_nearness = _decode_pixels(nearness, box, size)[..., :1].astype(np.float32) / 255
    numbers = [describe_light(light["numbers"], light["kind"]) for light in selected]
    return LightView(
        scene=encoded.record["scene"],
        flash=radiance[0],
        lights=np.array(radiance[1:], np.float32).reshape(-1, *radiance[0].shape),
        descriptions=np.array(numbers, np.float32).reshape(-1, LIGHT_NUMBERS),
        normal=direction / np.maximum(length, 1e-6),
        inverse_depth=relative_nearness * encoded.record["nearest"],
        kinds=tuple(light["kind"] for light in selected),
        sides=tuple(_side(light["kind"], light["numbers"]) for light in selected),
    )


def _side(kind: str, numbers: list[float]) -> int:
    return 0 if kind not in ("window", "lamp") else int(np.sign(numbers[0]))


def _to_levels(picture: np.ndarray) -> np.ndarray:
    relative = picture / max(float(picture.mean()), 1e-9)
    return np.round(255 * np.clip(relative / BRIGHTEST, 0, 1) ** (1 / EXPONENT))


def _to_radiance(levels: np.ndarray) -> np.ndarray:
    picture = BRIGHTEST * (levels.astype(np.float32) / 255) ** EXPONENT
    return picture / max(float(picture.mean()), 1e-6)


def _encode_webp(levels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "WEBP", quality=QUALITY, method=4)
    return file.getvalue()


def _decode_pixels(blob: bytes, box: Box | None, size: tuple[int, int] | None) -> np.ndarray:
    with Image.open(io.BytesIO(blob)) as image:
        picture = image.convert("RGB")
    if box is not None or (size is not None and size != picture.size):
        picture = picture.resize(size or picture.size, Image.Resampling.BILINEAR, box=box)
    return np.asarray(picture)
