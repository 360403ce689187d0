"""After `import keras_f2a`, all subpackages are available, though none is imported yet."""

import subprocess
import sys
from pathlib import Path

import pytest

import keras_f2a

ROOT = Path(__file__).parents[2]
# Each name comes before names whose import would also import its subpackage.
NAMES = """
keras_f2a.model_files.layer_rules
keras_f2a.data.dragged_light
keras_f2a.correction.lit_photo
keras_f2a.evaluation.methods.register
keras_f2a.training.losses
keras_f2a.models.PlacedLight
keras_f2a.runs.train
keras_f2a.runs.workers.strategy.KerasMultiWorkerStrategy
keras_f2a.PlacedLight
"""


def test_dotted_names_work_after_importing_the_package_alone():
    program = (
        "import sys, keras_f2a\n"
        "print([name for name in ('numpy', 'keras', 'tensorflow') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program + NAMES], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


def test_every_room_is_an_attribute():
    rooms = {path.parent.name for path in (ROOT / "keras_f2a").glob("*/__init__.py")} - {"cli"}
    for room in {*rooms, "export"}:
        assert getattr(keras_f2a, room).__name__ == f"keras_f2a.{room}"


@pytest.mark.parametrize("name", ["nothing", "evaluation.nothing", "runs._nothing"])
def test_what_is_not_there_is_an_attribute_error(name):
    *rooms, last = name.split(".")
    where = keras_f2a
    for room in rooms:
        where = getattr(where, room)
    with pytest.raises(AttributeError, match=f"has no attribute {last!r}|attribute {last}"):
        getattr(where, last)
