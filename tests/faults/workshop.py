"""What cases use: a folder, a seed, models with a known effect, and the command."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.faults.photographs import write_expected
from tests.faults.processes import Ended, Processes
from tests.faults.verdict import Fault

CORRECT = "keras_f2a.correct"


@dataclass(frozen=True)
class Workshop:
    """What all cases share.

    Attributes:
        models: The folder of the small generators `fixed.tflite`, `any.tflite` and `any.keras`.
        run: A training run of one epoch and its data, or `None` if no case resumes it.
    """

    models: Path
    run: Path | None = None


@dataclass
class Case:
    """A generated case.

    Attributes:
        number: Its number in its class.
        rng: Its random generator.
        folder: An empty folder for it.
        shop: What all cases share.
        processes: What runs its commands.
        output: The folder for results.
    """

    number: int
    rng: np.random.Generator
    folder: Path
    shop: Workshop
    processes: Processes = field(default_factory=Processes)
    output: Path = None

    def __post_init__(self):
        self.output = self.folder / "out"

    @property
    def model(self) -> Path:
        """Path of the generator in most cases."""
        return self.shop.models / "fixed.tflite"

    def random_model(self) -> Path | None:
        """Return a `.tflite` generator, or rarely `None` for the package's own, which is slower."""
        choice = self.rng.random()
        if choice < 0.1:
            return None
        return self.shop.models / ("fixed.tflite" if choice < 0.6 else "any.tflite")

    def random_options(self) -> dict:
        """Return arguments of a `Corrector`, each with probability one half."""
        chosen = {
            "strength": round(float(self.rng.random()), 3),
            "brightness": round(float(self.rng.uniform(-3, 3)), 3),
            "warmth": round(float(self.rng.uniform(-1, 1)), 3),
        }
        return {name: value for name, value in chosen.items() if self.rng.random() < 0.5}

    def correct(
        self,
        inputs: Path | Sequence[Path],
        options: dict,
        *arguments: str,
        model: Path | None = None,
        processes: Processes | None = None,
    ) -> Ended:
        """Correct photographs with the command."""
        inputs = [inputs] if isinstance(inputs, Path) else inputs
        settings = [f"--{name}={value}" for name, value in options.items()]
        always = ("--model", model or self.model, "--output", self.output)
        return (processes or self.processes).command(
            CORRECT, *inputs, *always, *settings, *arguments
        )

    def expected(
        self,
        source: Path,
        name: str,
        options: dict,
        *,
        own: bool = False,
        model: Path | None = None,
    ) -> bytes | None:
        """Return the expected content of a photograph's result, or `None` if there is none."""
        folder = self.folder / "expected"
        folder.mkdir(exist_ok=True)
        pairs = [(source, folder / name)]
        chosen = model or self.model
        self.processes.function(write_expected, chosen, options, pairs, own)
        return (folder / name).read_bytes() if (folder / name).exists() else None


CaseFunction = Callable[[Case], list[Fault]]
