"""The package's layers, called floors, checked by all imports in the sources, also in functions.

Pairs of photographs enter at the ground floor and train the networks. Evaluation, correction and
export use the trained generator. Imports point down.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House

ROOT = Path(__file__).parents[1]

FLOORS = (
    (
        "the package's face",
        ("__init__", "__main__", "authors_checkpoint", "cluster", "correct", "evaluate")
        + ("reproduce", "train"),
    ),
    ("program", ("cli",)),
    ("exporter", ("export",)),
    ("many workers", ("distributed", "services")),
    ("uses", ("evaluation", "runs", "correction")),
    ("loaded networks", ("generator_loading",)),
    ("generator files", ("generator_files", "authors_generator")),
    ("training", ("training", "light_training")),
    ("ground", ("model_files", "models", "data", "baselines")),
    ("photographs", ("imaging",)),
    ("support", ("support",)),
)
"""The floors of keras_f2a from the top, each with its folders and top-level modules."""

PROGRAM = 1

EXPORTER_DOOR = "keras_f2a.cli.export"
"""The only command through which the package uses its exporter."""

BESIDE_EACH_OTHER = {("evaluation", "runs"), ("evaluation", "correction")}
"""Allowed imports within a floor: `reproduce` trains, and evaluation runs networks as users do."""

ALONE = {"models": "knows Keras", "training.losses": "is pure functions of tensors"}
"""Modules that import nothing else of the project, and why."""

BUILDINGS = {"keras_f2a": "keras_f2a", "export": "keras_f2a.export", "tools": "tools"}
"""The folders with the project's Python code, and their names once installed."""

FRAMEWORKS = ("tensorflow", "keras", "tf_keras", "torch", "jax")
LIGHT = ("imaging", "correction")
"""Folders that, like the commands that use them, need none of the frameworks."""

MANY_WORKERS = ("ray", "fsspec")
"""Packages that only `distributed` imports, because a single machine does not need them."""

KERAS_DOOR = "keras_f2a.correction.engines"
"""The only module in `LIGHT` that imports Keras, in a function, to run `.keras` files."""


def room(module: str) -> str:
    """Return the folder or top-level module of keras_f2a that a module belongs to."""
    return (module.split(".") + ["__init__"])[1]


def floor(module: str) -> int:
    """Return the number of a module's floor, 0 for the top, or `len(FLOORS)` without a floor."""
    inside = "__main__" if module.endswith(".__main__") else room(module)
    return next((i for i, (_, rooms) in enumerate(FLOORS) if inside in rooms), len(FLOORS))


def faults(house: House) -> Iterator[str]:
    """Yield a line for everything that violates the layers."""
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
    if light and module != KERAS_DOOR:
        for found in house.imports[module]:
            if found.module.split(".")[0] in FRAMEWORKS:
                yield f"{module}, line {found.line}: imports {found.module}"
    if light or floor(module) <= PROGRAM:
        for name, by in house.foreign_at_once(module).items():
            if name in FRAMEWORKS:
                yield f"{module}: needs {name} as soon as it is imported, by {by}"


def _import_fault(module: str, imported: str) -> str | None:
    building, other = module.split(".")[0], imported.split(".")[0]
    if other == "tools":
        return None if building == "tools" else f"but {building} never imports tools"
    if room(imported) == "export" and room(module) != "export" and module != EXPORTER_DOOR:
        return "which only the command export imports"
    if building == "tools":
        return "a command, which nothing imports" if floor(imported) <= PROGRAM else None
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
    """Return the floors with their rooms, as text."""
    return "\n".join(f"{name:>18}: {', '.join(rooms)}" for name, rooms in FLOORS)


def this_house() -> House:
    """Read the sources of the project."""
    return House(
        {
            ".".join([name, *path.relative_to(ROOT / folder).with_suffix("").parts]): (
                path.read_text(encoding="utf-8")
            )
            for folder, name in BUILDINGS.items()
            for path in (ROOT / folder).rglob("*.py")
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
        ({"data.pairs": "import keras_f2a.export.exporter"}, "only the command export"),
        ({"cli.train": "import keras_f2a.export.exporter"}, "only the command export imports"),
        ({"export.exporter": "from .settings import X", "export.settings": "import tools.render"},
         "keras_f2a never imports tools"),
        ({"export.exporter": "from . import settings",
          "export.settings": "from .exporter import X"},
         "a circle: keras_f2a.export."),
        ({"evaluation.scores": "import keras_f2a.cli.train"}, "is above it"),
        ({"data.faid": "import keras_f2a.data.pairs",
          "data.pairs": "def f():\n  from keras_f2a.data import faid"},
         "a circle: keras_f2a.data."),
        ({"imaging.photo": "def f(): import keras"}, "photo, line 1: imports keras"),
        ({"correction.tone": "import keras_f2a.data.pairs", "data.pairs": "import tensorflow"},
         "tone: needs tensorflow as soon as it is imported, by keras_f2a.data.pairs"),
        ({"cli.correct": "import keras_f2a.runs.run", "runs.__init__": "import keras.ops"},
         "cli.correct: needs keras as soon as it is imported, by keras_f2a.runs"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_found(changed, message):
    rooms = [
        "__init__",
        "cli.train",
        "cli.correct",
        "cli.export",
        "evaluation.__init__",
        "evaluation.scores",
    ]
    rooms += ["runs.__init__", "runs.run", "correction.tone", "training.__init__"]
    rooms += ["training.losses", "models.__init__", "models.net", "data.pairs", "data.faid"]
    rooms += ["imaging.photo", "support.errors"]
    rooms += ["export.exporter", "export.settings"]
    sources = {f"keras_f2a.{name}": "" for name in rooms} | {"tools.render": ""}
    assert not list(faults(House(sources)))
    sources |= {f"keras_f2a.{name}": text for name, text in changed.items()}
    assert any(message in line for line in faults(House(sources)))


def test_what_is_allowed_is_not_a_fault():
    sources = {
        "keras_f2a.__init__": "",
        "keras_f2a.correct": "import keras_f2a.cli.correct",
        "keras_f2a.cli.correct": "def run(): import tensorflow",
        "keras_f2a.evaluation.scores": "import keras_f2a.correction.engines, keras",
        "keras_f2a.correction.engines": "def load():\n  import keras",
        "keras_f2a.generator_files": "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n  import keras",
        "keras_f2a.correction.corrector": "import keras_f2a.generator_files",
        "keras_f2a.cli.export": "def run():\n  import keras_f2a.export.exporter",
        "keras_f2a.export.exporter": "import keras_f2a.evaluation.scores\n"
        "def f():\n  import tensorflow",
        "tools.render": "import keras_f2a.correction.engines",
    }
    assert not list(faults(House(sources)))
