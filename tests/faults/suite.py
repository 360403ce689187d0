"""Every class of cases, by name, and how one of them is run."""

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
"""How often each class comes, beside the others; what runs in TensorFlow is slow."""

_AS_USERS = 50
"""One case of so many runs commands in processes as users start them."""


def run_case(
    name: str, number: int, shop: Workshop, *, seed: int = 0, timeout: float = 120
) -> list[Fault]:
    """Runs one case and returns what was wrong.

    Args:
        name: Its class.
        number: Its number there. The same number and seed give the same case.
        shop: What cases share.
        seed: Of all cases.
        timeout: Seconds after which a command hangs.
    """
    rng = np.random.default_rng([seed, list(CLASSES).index(name), number])
    processes = Processes(timeout, as_users=number % _AS_USERS == _AS_USERS - 1)
    with tempfile.TemporaryDirectory() as folder:
        try:
            return CLASSES[name](Case(number, rng, Path(folder), shop, processes))
        except Exception as error:  # The case itself failed: also a fault, of the suite.
            return [Fault(TRACEBACK, f"the case ended with {type(error).__name__}: {error}")]


def make_workshop(folder: Path) -> Workshop:
    """Makes the models and the training run that cases share."""
    folder.mkdir(exist_ok=True)
    model_cases.make_models(folder)
    (folder / "training").mkdir()
    model_cases.make_run(folder / "training")
    return Workshop(folder, folder / "training")
