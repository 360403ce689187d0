"""Views under described lights without a renderer: a ball in front of a wall, lit from a side."""

import numpy as np

from keras_f2a.data.described_lights import NAMED, describe_direction
from keras_f2a.data.light_numbers import PLACE_NUMBERS
from keras_f2a.data.light_shards import write_shard
from keras_f2a.data.light_views import EncodedView, encode_view

NAMES = tuple(NAMED)


def lit(shape, toward):
    """Return a wall and a ball lit from a direction, in linear RGB, and their normals."""
    height, width = shape
    y, x = (np.mgrid[:height, :width] + 0.5) / max(shape)
    x, y = x - width / max(shape) / 2, height / max(shape) / 2 - y
    inside = np.clip(1 - (x**2 + y**2) / 0.09, 0, None)
    normal = np.stack([x / 0.3, y / 0.3, np.sqrt(inside)], axis=-1)
    normal = np.where(inside[..., None] > 0, normal, [0.0, 0.0, 1.0])
    # Light from a side gets weaker with distance.
    falloff = np.exp(1.5 * (x * toward[0] + y * toward[1]))[..., None]
    shown = np.clip(normal @ np.asarray(toward), 0.05, None)[..., None] * falloff
    color = np.where(inside[..., None] > 0, [0.8, 0.5, 0.4], [0.5, 0.5, 0.6])
    return color * shown, normal


def made_up_view(scene, split="train", shape=(24, 32), names=NAMES):
    """Return a view with one light for each name."""
    flash, normal = lit(shape, [0.0, 0.0, 1.0])
    lights = []
    for name in names:
        numbers = describe_direction(NAMED[name])
        # The direction toward the light. The third axis points toward the lens.
        toward = -numbers[4:7] * [1, 1, -1]
        toward = toward / np.linalg.norm(toward) + [0, 0, 0.3]
        kind = NAMED[name].kind
        lights.append((kind, numbers[:PLACE_NUMBERS].tolist(), lit(shape, toward)[0]))
    return encode_view(
        metadata={"scene": scene, "view": 0, "split": split, "layout": "ball"},
        flash=flash * np.random.default_rng(scene).uniform(0.9, 1.1, (1, 1, 3)),
        lights=lights,
        normal=normal,
        distance=np.full(shape, 2.0),
        subject_distance=2.0,
    )


def made_up_folder(folder, training=6, held_out=2) -> str:
    """Write one shard of landscape and portrait views and return the folder's path."""
    views: list[EncodedView] = []
    for scene in range(training + held_out):
        split = "train" if scene < training else "test"
        views.append(made_up_view(scene, split, (24, 32) if scene % 3 else (32, 24)))
    write_shard(folder / "views_00000.npz", views)
    return str(folder)
