"""All classes of cases by name, and the function that runs one case."""

import tempfile
from pathlib import Path

import numpy as np

from tests.faults import (
    cluster_cases,
    export_cases,
    library_cases,
    model_cases,
    photo_cases,
    special_file_cases,
    system_cases,
    trust_cases,
)
from tests.faults.processes import Processes
from tests.faults.verdict import TRACEBACK, Fault
from tests.faults.workshop import Case, CaseFunction, Workshop

_MODULES = (
    photo_cases, special_file_cases, system_cases, model_cases, trust_cases, cluster_cases,
    library_cases, export_cases,
)  # fmt: skip
CLASSES: dict[str, CaseFunction] = {
    function.__name__.replace("_", " "): function
    for module in _MODULES
    for function in module.CLASSES
}

SHARES = {
    "formats": 25,
    "damaged photographs": 40,
    "names": 10,
    "special files": 5,
    "threads": 3,
    "kills": 5,
    "full disks": 5,
    "outputs": 5,
    "options": 10,
    "tflite files": 10,
    "keras files": 2,
    "resumed runs": 1,
    "changed models": 5,
    "edited cards": 5,
    "bombs": 8,
    "results among sources": 3,
    "two processes": 1,
    "archive targets": 2,
    "listed names": 5,
    "strange callers": 3,
    "silent addresses": 0.5,
    "training pairs": 10,
    "arrays": 5,
    "backends": 0.5,
    "cleaning": 2,
    "exports": 0.25,
    "keras calls": 0.5,
}
"""Relative frequency of each class. Classes that need TensorFlow are slow."""

_AS_USERS = 50
"""One case in this many starts its commands the way users start them."""


def run_case(
    name: str, number: int, shop: Workshop, *, seed: int = 0, timeout: float = 120
) -> list[Fault]:
    """Run one case and return what went wrong.

    Args:
        name: The class of the case.
        number: The number of the case in its class. The same number and seed give the same case.
        shop: What all cases share.
        seed: The seed of all cases.
        timeout: Seconds after which a command counts as hanging.
    """
    rng = np.random.default_rng([seed, list(CLASSES).index(name), number])
    processes = Processes(timeout, as_users=number % _AS_USERS == _AS_USERS - 1)
    with tempfile.TemporaryDirectory() as folder:
        try:
            return CLASSES[name](Case(number, rng, Path(folder), shop, processes))
        except Exception as error:  # The case itself failed.
            return [Fault(TRACEBACK, f"the case ended with {type(error).__name__}: {error}")]


def make_workshop(folder: Path) -> Workshop:
    """Create the models and the training run that cases share."""
    folder.mkdir(exist_ok=True)
    model_cases.make_models(folder)
    (folder / "training").mkdir()
    model_cases.make_run(folder / "training")
    return Workshop(folder, folder / "training")
