"""Loads models, pictures and panoramas from the cache made by `python -m tools.scene_assets`."""

import json
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from PIL import Image

from tools.assets.hdris import INDOORS, OUTDOORS, TEST
from tools.assets.whitelist import kinds_for
from tools.scenes.shapes.meshes import Mesh
from tools.scenes.surfaces import materials
from tools.scenes.surfaces.imported import Surfaces, linear
from tools.scenes.things.parts import Part, Thing

LARGE = 0.7
"""Minimum extent in meters of a model that counts as furniture."""
_SHADES = re.compile("shade|lamp|bulb|light|tela|glass|cristal|pantalla|white|paper|flame")
_TEST_SHARE = 5


@dataclass(frozen=True)
class Model:
    """Model as stored in the cache.

    Attributes:
        key: Library and name, such as "Scopia/tv".
        size: Width, depth and height in meters, shape (3,).
        shines: Whether it is a lamp.
        meshes: Meshes of its parts, which stand on z = 0 around the z axis and face negative y.
        surfaces: Material of each part, as described by the model's files.
        pictures: Textures, uint8, RGB or RGBA.
    """

    key: str
    size: np.ndarray
    shines: bool
    meshes: list[Mesh] = field(repr=False)
    surfaces: list[dict] = field(repr=False)
    pictures: list[np.ndarray] = field(repr=False)


@lru_cache(maxsize=96)
def load_model(path: Path) -> Model:
    """Load a model's file."""
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    described = json.loads(str(arrays["description"]))
    meshes = [
        Mesh(
            vertices=arrays[f"vertices_{number}"].astype(np.float64),
            faces=arrays[f"faces_{number}"].astype(np.int64),
            uv=arrays[f"uv_{number}"].astype(np.float64),
            smooth=True,
            normals=arrays[f"normals_{number}"].astype(np.float64),
        )
        for number in range(len(described["surfaces"]))
    ]
    count = sum(name.startswith("picture_") for name in arrays)
    pictures = [arrays[f"picture_{number}"] for number in range(count)]
    size, shines = np.array(described["size"]), described["shines"]
    return Model(described["key"], size, shines, meshes, described["surfaces"], pictures)


class Assets:
    """Assets that the scenes of one split may show.

    Attributes:
        folder: The cache.
        split: "train" or "test".
        kinds: Keys of models, by kind.
        drawings, photographs: Paths of pictures.
        outdoors, indoors: Paths of panoramas.
    """

    def __init__(self, folder: Path, split: str):
        """Look up the assets in a cache.

        Args:
            folder: The cache.
            split: "train" or "test". The splits share no model, panorama or picture.

        Raises:
            FileNotFoundError: If the cache lacks a model of the whitelist, or has no pictures.
        """
        self.split, self.folder = split, folder
        self.kinds = kinds_for(split)
        for key in {key for keys in self.kinds.values() for key in keys}:
            if not self._path(key).is_file():
                raise FileNotFoundError(f"{self._path(key)}: missing; run tools.scene_assets")
        self.drawings = self._share("drawings/*.png")
        self.photographs = self._share("photographs/*.jpg")
        self.outdoors, self.indoors = self._panoramas(OUTDOORS), self._panoramas(INDOORS)

    def model(self, key: str) -> Model:
        """Return the model with this key."""
        return load_model(self._path(key))

    def pick(self, rng: np.random.Generator, kind: str) -> Model:
        """Return a random model of a kind."""
        keys = self.kinds[kind]
        return self.model(keys[rng.integers(len(keys))])

    def picture(self, path: Path) -> np.ndarray:
        """Load a drawing or photograph as display-encoded RGBA in [0, 1], first row at the top."""
        with Image.open(path) as image:
            return np.asarray(image.convert("RGBA")) / 255.0

    def panorama(self, rng: np.random.Generator, paths: list[Path]) -> np.ndarray:
        """Load a random one of several panoramas, linear RGB, float32, first row at the zenith."""
        return np.load(paths[rng.integers(len(paths))]).astype(np.float32)

    def _path(self, key: str) -> Path:
        return self.folder / "models" / f"{key}.npz"

    def _share(self, pattern: str) -> list[Path]:
        """Return the split's share of the matching files. About a fifth, by name, is for tests."""
        paths = sorted(self.folder.glob(pattern))
        for_test = self.split == "test"
        chosen = [
            path for path in paths if (crc32(path.name.encode()) % _TEST_SHARE == 0) == for_test
        ]
        if not chosen:
            raise FileNotFoundError(
                f"{self.folder / pattern}: no file for this split; run tools.scene_assets"
            )
        return chosen

    def _panoramas(self, names: tuple[str, ...]) -> list[Path]:
        chosen = [name for name in names if (name in TEST) == (self.split == "test")]
        return [self.folder / "panoramas" / f"{name}.npy" for name in chosen]


def thing_of(model: Model, surfaces: Surfaces) -> Thing:
    """Return a model with its materials in this scene. The shade of a lamp glows."""
    thing: Thing = []
    furniture = bool(model.size.max() > LARGE)
    for mesh, surface in zip(model.meshes, model.surfaces, strict=True):
        material, tile = surfaces.material(surface, model.pictures, furniture)
        part = (mesh.repeated(1 / tile, 1 / tile), material)
        thing.append(_lit(part) if model.shines and _is_shade(model, mesh, surface) else part)
    return thing


def _is_shade(model: Model, mesh: Mesh, surface: dict) -> bool:
    high = mesh.vertices[:, 2].mean() > 0.6 * model.size[2]
    return bool(high and _SHADES.search(surface["name"].lower()))


def _lit(part: Part) -> Part:
    mesh, material = part
    tint = material.reflectance.reshape(-1, 3).mean(0)
    glow = materials.lampshade(tint, 3.0)
    return mesh, replace(glow, reflectance=material.reflectance, mask=material.mask)


def picture_reflectance(picture: np.ndarray) -> np.ndarray:
    """Return a picture's reflectance texture, without alpha, first row at the bottom, float32."""
    return np.clip(linear(picture[::-1, :, :3]), 0.02, 0.85).astype(np.float32)
