"""What a case has at hand: a folder, a seed, models with a known effect, and the command."""

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
        models: Small generators: `fixed.tflite`, `any.tflite`, `any.keras`.
        run: A training run of one epoch and its data, or `None` where no case resumes it.
    """

    models: Path
    run: Path | None = None


@dataclass
class Case:
    """One case.

    Attributes:
        number: Its number in its class.
        rng: Its random numbers.
        folder: An empty folder for it.
        shop: What cases share.
        processes: Where its commands run.
        output: Where the results go.
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
        """The generator that corrects in most cases."""
        return self.shop.models / "fixed.tflite"

    def random_model(self) -> Path | None:
        """A `.tflite` generator, seldom the package's own, which takes longer."""
        choice = self.rng.random()
        if choice < 0.1:
            return None
        return self.shop.models / ("fixed.tflite" if choice < 0.6 else "any.tflite")

    def random_options(self) -> dict:
        """Arguments of a `Corrector`, each as often left out."""
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
        """Corrects photographs with the command."""
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
        """What a photograph's result of this name must hold; `None` if there can be none."""
        folder = self.folder / "expected"
        folder.mkdir(exist_ok=True)
        pairs = [(source, folder / name)]
        chosen = model or self.model
        apart = Processes(self.processes.timeout)
        apart.function(write_expected, chosen, options, pairs, own)
        return (folder / name).read_bytes() if (folder / name).exists() else None


CaseFunction = Callable[[Case], list[Fault]]
