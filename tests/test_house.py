"""The house's floors, held by the imports as the sources write them, those in functions too.

Pairs of photographs go up through the ground floor into the networks, a trained generator comes
out, and evaluation, correction and export use it. Imports point down.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House

ROOT = Path(__file__).parents[1]

FLOORS = (
    ("the package's face", ("__init__",)),
    ("commands", ("authors_checkpoint", "cluster", "correct", "evaluate", "reproduce", "train")),
    ("many workers", ("distributed",)),
    ("uses", ("evaluation", "runs", "correction")),
    ("generator files", ("generator_files",)),
    ("training", ("training",)),
    ("ground", ("models", "data", "imaging", "baselines")),
    ("support", ("support",)),
)
"""The floors of keras_f2a from the top, each with the files and folders that lie on it."""

COMMANDS = 1

BESIDE_EACH_OTHER = {("evaluation", "runs"), ("evaluation", "correction")}
"""Who may import whom on one floor: `reproduce` trains, and a network is scored as users run it."""

ALONE = {"models": "knows Keras", "training.losses": "is pure functions of tensors"}
"""What imports nothing of the project but itself, and why."""

MAY_IMPORT = {
    "keras_f2a": ("keras_f2a",),
    "export": ("export", "keras_f2a"),
    "tools": ("tools", "keras_f2a"),
}
"""The buildings of the project, and which of them each may import."""

FRAMEWORKS = ("tensorflow", "keras", "tf_keras", "torch", "jax")
LIGHT = ("imaging", "correction")
MANY_WORKERS = ("ray", "fsspec")
"""What only the room for many workers imports; who works on one machine needs none of it."""
"""Folders that need none of the frameworks; nor do the commands that use them."""

KERAS_DOORS = ("keras_f2a.correction.engines", "keras_f2a.correction.keras_engine")
"""Where a `.keras` file is run: the only ones of the light that import Keras, in a function."""


def room(module: str) -> str:
    """What of keras_f2a a module lies in: a folder, or a file beside the folders."""
    return (module.split(".") + ["__init__"])[1]


def floor(module: str) -> int:
    """The number of a module's floor, 0 at the top; one below the house for a module without."""
    return next((i for i, (_, rooms) in enumerate(FLOORS) if room(module) in rooms), len(FLOORS))


def faults(house: House) -> Iterator[str]:
    """Gives a line for everything that the house does not allow."""
    ours = sorted(name for name in house.modules if name.split(".")[0] == "keras_f2a")
    for module in ours:
        if floor(module) == len(FLOORS):
            yield f"{module}: has no floor"
        yield from _framework_faults(house, module)
    if circle := house.circle():
        yield f"a circle: {' > '.join(circle)}"
    for module, found in house.of_the_project():
        problem = _import_fault(module, found.module)
        if problem:
            yield f"{module}, line {found.line}: imports {found.module}, {problem}"


def _framework_faults(house: House, module: str) -> Iterator[str]:
    if room(module) != "distributed":
        for found in house.imports[module]:
            if found.module.split(".")[0] in MANY_WORKERS:
                yield f"{module}, line {found.line}: imports {found.module}"
    light = room(module) in LIGHT
    if light and module not in KERAS_DOORS:
        for found in house.imports[module]:
            if found.module.split(".")[0] in FRAMEWORKS:
                yield f"{module}, line {found.line}: imports {found.module}"
    if light or floor(module) <= COMMANDS:
        for name, by in house.foreign_at_once(module).items():
            if name in FRAMEWORKS:
                yield f"{module}: needs {name} as soon as it is imported, by {by}"


def _import_fault(module: str, imported: str) -> str | None:
    building, other = module.split(".")[0], imported.split(".")[0]
    if other not in MAY_IMPORT[building]:
        return f"but {building} never imports {other}"
    if other != "keras_f2a":
        return None
    if building != "keras_f2a":
        return "a command, which nothing imports" if floor(imported) == COMMANDS else None
    for alone, why in ALONE.items():
        inside = f"keras_f2a.{alone}."
        if f"{module}.".startswith(inside) and not f"{imported}.".startswith(inside):
            return f"but {alone} {why} and nothing else of the project"
    if floor(imported) < floor(module):
        return "which is above it"
    rooms = room(module), room(imported)
    beside = floor(module) == floor(imported) and rooms[0] != rooms[1]
    if beside and rooms not in BESIDE_EACH_OTHER:
        return "which is beside it"
    return None


def plan() -> str:
    """The floors with their rooms, as text."""
    return "\n".join(f"{name:>18}: {', '.join(rooms)}" for name, rooms in FLOORS)


def this_house() -> House:
    """Reads the sources of the project."""
    return House(
        {
            ".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text(encoding="utf-8")
            for building in MAY_IMPORT
            for path in (ROOT / building).rglob("*.py")
        }
    )


def test_imports_point_down():
    found = list(faults(this_house()))
    assert not found, "\n".join(["", *found, "", "The floors:", plan()])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"extra": ""}, "keras_f2a.extra: has no floor"),
        ({"data.pairs": "def f():\n  from keras_f2a.training import losses"}, "is above it"),
        ({"support.errors": "import keras_f2a.data.pairs"}, "is above it"),
        ({"data.pairs": "from keras_f2a import models"}, "is beside it"),
        ({"runs.run": "import keras_f2a.evaluation"}, "is beside it"),
        ({"runs.run": "def f():\n  import ray.train"}, "run, line 2: imports ray"),
        ({"models.net": "import keras_f2a.support.errors"}, "models knows Keras and nothing"),
        ({"training.losses": "import keras_f2a.data.pairs"}, "pure functions of tensors"),
        ({"data.pairs": "import export.exporter"}, "keras_f2a never imports export"),
        ({"evaluation.scores": "import keras_f2a.train"}, "is above it"),
        ({"data.faid": "import keras_f2a.data.pairs",
          "data.pairs": "def f():\n  from keras_f2a.data import faid"},
         "a circle: keras_f2a.data."),
        ({"imaging.photo": "def f(): import keras"}, "photo, line 1: imports keras"),
        ({"correction.tiles": "import keras_f2a.data.pairs", "data.pairs": "import tensorflow"},
         "tiles: needs tensorflow as soon as it is imported, by keras_f2a.data.pairs"),
        ({"correct": "import keras_f2a.runs.run", "runs.__init__": "import keras.ops"},
         "correct: needs keras as soon as it is imported, by keras_f2a.runs"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_found(changed, message):
    rooms = ["__init__", "train", "correct", "evaluation.__init__", "evaluation.scores"]
    rooms += ["runs.__init__", "runs.run", "correction.tiles", "training.__init__"]
    rooms += ["training.losses", "models.__init__", "models.net", "data.pairs", "data.faid"]
    rooms += ["imaging.photo", "support.errors"]
    sources = {f"keras_f2a.{name}": "" for name in rooms} | {"export.exporter": ""}
    assert not list(faults(House(sources)))
    sources |= {f"keras_f2a.{name}": text for name, text in changed.items()}
    assert any(message in line for line in faults(House(sources)))


def test_what_is_allowed_is_not_a_fault():
    sources = {
        "keras_f2a.__init__": "",
        "keras_f2a.correct": "def main(): import tensorflow",
        "keras_f2a.evaluation.scores": "import keras_f2a.correction.engines, keras",
        "keras_f2a.correction.engines": "def load():\n  import keras",
        "keras_f2a.generator_files": "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n  import keras",
        "keras_f2a.correction.corrector": "import keras_f2a.generator_files",
        "export.exporter": "import keras_f2a.evaluation.scores, tensorflow",
        "tools.render": "import keras_f2a.correction.engines",
    }
    assert not list(faults(House(sources)))
