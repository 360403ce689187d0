"""The directory of a training run: where its files are and what a resumed run finds there."""

import csv
import io
import json
import shutil
from pathlib import Path

from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.atomic_file import write_text
from keras_f2a.support.errors import InputError


class RunDirectory:
    """The paths in a run directory.

    Attributes:
        path: The directory.
        config: `config.json`, every resolved setting, package versions and commit.
        history: `history.csv`, one row per epoch.
        tensorboard: Folder of TensorBoard's logs.
        last_checkpoint: Weights, optimizers and statistics after the last finished epoch.
        best_generator: The generator with the best validation PSNR so far.
        interrupted_generator: The generator at the moment of Ctrl-C.
        generator: The trained generator, there when training is done.
        results: `results.json`, there when training is done.
        picture: Pictures of the results, there when training is done.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.config = self.path / "config.json"
        self.history = self.path / "history.csv"
        self.tensorboard = self.path / "tensorboard"
        checkpoints = self.path / "checkpoints"
        self.last_checkpoint = checkpoints / "last.weights.h5"
        self.best_generator = checkpoints / "best_generator.keras"
        self.interrupted_generator = checkpoints / "interrupted_generator.keras"
        self.generator = self.path / "generator.keras"
        self.results = self.path / "results.json"
        self.picture = self.path / "results.png"

    def prepare(self) -> None:
        """Makes the directory and checks that it is writable.

        Raises:
            InputError: It cannot be made or written.
        """
        try:
            self.last_checkpoint.parent.mkdir(parents=True, exist_ok=True)
            probe = self.path / ".write-probe"
            probe.write_bytes(b"0")
            probe.unlink()
        except OSError as error:
            raise InputError(
                f"--run-dir {self.path}: cannot be written ({error.strerror}); choose another one"
            ) from error

    def check_same_run(self, settings: TrainingSettings, data: dict) -> None:
        """Checks that an unfinished run here has these settings and this data.

        Args:
            settings: Resolved settings.
            data: The description of the pairs, as `config.json` has it.

        Raises:
            InputError: Settings or pairs differ; the message says how.
        """
        if not self.config.is_file():
            return
        try:
            earlier = json.loads(self.config.read_text(encoding="utf-8"))
            differences = settings.differences(earlier["settings"])
            same_pairs = all(
                data[part]["sha256"] == earlier["data"][part]["sha256"] for part in data
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{self.config}: not the settings of a run; choose another --run-dir"
            ) from error
        if not same_pairs:
            differences.append("--data holds other pairs")
        if differences:
            raise InputError(
                f"--run-dir {self.path}: holds a run with other settings "
                f"({'; '.join(differences)}); repeat those, or choose another --run-dir"
            )

    def check_space(self, needed_bytes: int) -> None:
        """Raises an `InputError` if the disk has less free space than a run will need."""
        free = shutil.disk_usage(self.path).free
        if free < needed_bytes:
            raise InputError(
                f"--run-dir {self.path}: the run needs about {needed_bytes / 1e9:.1f} GB of disk, "
                f"{free / 1e9:.1f} GB are free; make room or choose another disk"
            )

    def write_config(self, values: dict) -> None:
        """Writes `config.json`."""
        write_text(self.config, json.dumps(values, indent=2) + "\n")

    def read_history(self) -> list[dict[str, float]]:
        """The rows of `history.csv`, `epoch` 0 (untrained) first; empty if there is none."""
        if not self.history.is_file():
            return []
        with self.history.open(encoding="utf-8", newline="") as file:
            return [
                {name: float(value) for name, value in row.items() if value}
                for row in csv.DictReader(file)
            ]

    def write_history(self, rows: list[dict[str, float]]) -> None:
        """Writes `history.csv` anew; a row may lack columns that another one has."""
        columns = dict.fromkeys(name for row in rows for name in row)
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, ["epoch", *sorted(columns.keys() - {"epoch"})])
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, "epoch": int(row["epoch"])})
        write_text(self.history, text.getvalue())
