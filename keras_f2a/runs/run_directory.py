"""The directory of a training run: its paths, and the checks before a run resumes in it."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keras_f2a.runs.file_digests import FileDigests
from keras_f2a.runs.recorded_settings import differences
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.errors import InputError

CHECKPOINTS = "checkpoints"
"""The folder in a run directory that holds the weights to resume from."""
Row = dict[str, float]
"""One row of `history.csv`: `epoch` and the measured values, by the names that `fit` logs."""


class RunDirectory:
    """The paths in a run directory, and the only way to write files there.

    Attributes:
        path: The directory.
        config: `config.json`, with every resolved setting, package versions and commit.
        history: `history.csv`, with one row per epoch.
        tensorboard: Folder of TensorBoard's logs.
        last_checkpoint: The training model after the last finished epoch, with its history.
        best_generator: The generator with the best validation PSNR so far.
        interrupted_generator: The generator at the moment of Ctrl-C.
        generator: The trained generator, written when training is done.
        results: `results.json`, written when training is done.
        picture: Pictures of the results, written when training is done.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.config = self.path / "config.json"
        self.history = self.path / "history.csv"
        self.tensorboard = self.path / "tensorboard"
        checkpoints = self.path / CHECKPOINTS
        self.last_checkpoint = checkpoints / "last.keras"
        self.best_generator = checkpoints / "best_generator.keras"
        self.interrupted_generator = checkpoints / "interrupted_generator.keras"
        self.generator = self.path / "generator.keras"
        self.results = self.path / "results.json"
        self.picture = self.path / "results.png"

    @property
    def digests(self) -> FileDigests:
        """The digests of the files written here."""
        return FileDigests(self.path)

    def check_files(self, final: str) -> None:
        """Check that every file that a run left here is unchanged since it was written.

        Files that can be made again from the last checkpoint may be missing.

        Args:
            final: Which generator the run should leave, `"last"` or `"best"`.

        Raises:
            InputError: A file is missing or changed. The message says what to do.
        """
        required = (self.config, self.last_checkpoint)
        regenerable = (self.history, self.generator, self.results, self.picture)
        if not self.digests.path.is_file():
            self._check_no_files((*required, *regenerable, self.best_generator))
            return
        for path in required:
            if self.digests.is_changed(path) or self.is_missing(path):
                raise InputError(
                    f"{path}: {self._describe_problem(path)}; restore an intact copy, or choose "
                    "another `run_dir`"
                )
        for path in regenerable:
            if self.digests.is_changed(path):
                raise InputError(
                    f"{path}: {self._describe_problem(path)}; move it away and repeat the call to "
                    "make it again from the last checkpoint"
                )
        best = self.best_generator
        if self.digests.is_changed(best) or (final == "best" and self.is_missing(best)):
            raise InputError(
                f"{best}: {self._describe_problem(best)}; restore an intact copy, or move this "
                "file away and continue with `final=last`"
            )

    def is_missing(self, path: Path) -> bool:
        """Return whether a file was written here but is missing."""
        return self.digests.has_digest(path) and not path.is_file()

    def _describe_problem(self, path: Path) -> str:
        if not path.is_file():
            return f"missing, though {self.digests.path.name} lists it"
        return f"damaged or changed since it was written (see {self.digests.path.name})"

    def _check_no_files(self, paths: tuple[Path, ...]) -> None:
        existing = [path.relative_to(self.path) for path in paths if path.is_file()]
        if existing:
            raise InputError(
                f"{self.digests.path}: missing, so the run's files cannot be verified; restore it, "
                f"or choose another `run_dir`; if you trust all the files, go to {self.path} and "
                f"run sha256sum {' '.join(map(str, existing))} > {self.digests.path.name}"
            )

    def check_same_run(self, settings: TrainingSettings, data: dict) -> None:
        """Check that an unfinished run here has these settings and this data.

        Args:
            settings: Resolved settings.
            data: The description of the pairs, as in `config.json`.

        Raises:
            InputError: Settings or pairs differ, and the message says how. Or `config.json` does
                not hold a run's settings.
        """
        if not self.config.is_file():
            return
        try:
            earlier = json.loads(self.config.read_text(encoding="utf-8"))
            problems = differences(settings, earlier["settings"])
            same_pairs = all(
                data[part]["sha256"] == earlier["data"][part]["sha256"] for part in data
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputError(
                f"{self.config}: not the settings of a run; choose another `run_dir`"
            ) from error
        if not same_pairs:
            problems.append("`data` contains other pairs")
        if problems:
            raise InputError(
                f"contains a run with other settings ({'; '.join(problems)}); use those, or "
                "choose another folder",
                setting="run_dir",
                value=self.path,
            )

    def check_same_losses(self, losses: dict[str, float]) -> None:
        """Check that an unfinished run here minimizes these losses, which users can register.

        Args:
            losses: The factors of the losses, by name.

        Raises:
            InputError: It minimizes other losses.
        """
        if not self.config.is_file():
            return
        # Earlier versions did not record them.
        earlier = json.loads(self.config.read_text(encoding="utf-8")).get("losses", losses)
        if earlier != losses:
            raise InputError(
                f"contains a run that minimizes {_format_sum(earlier)}, not {_format_sum(losses)}; "
                "register the same losses, or choose another folder",
                setting="run_dir",
                value=self.path,
            )

    def check_space(self, needed_bytes: int) -> None:
        """Raise an `InputError` if the disk has less free space than a run will need."""
        free = shutil.disk_usage(self.path).free
        if free < needed_bytes:
            raise InputError(
                f"the run needs about {needed_bytes / 1e9:.1f} GB of disk space, but only "
                f"{free / 1e9:.1f} GB are free; make room or choose another disk",
                setting="run_dir",
                value=self.path,
            )

    @contextmanager
    def replacing(self, path: Path) -> Iterator[Path]:
        """Yield a temporary path that replaces `path` after the block, and record its digest."""
        with self.digests.replacing(path) as temporary:
            yield temporary

    def write_json(self, path: Path, values: dict) -> None:
        """Write `config.json` or `results.json`."""
        with self.replacing(path) as temporary:
            temporary.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")

    def write_history(self, rows: list[Row]) -> None:
        """Rewrite `history.csv`. A row may lack columns that another row has."""
        columns = dict.fromkeys(name for row in rows for name in row)
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, ["epoch", *sorted(columns.keys() - {"epoch"})])
        writer.writeheader()
        writer.writerows(rows)
        with self.replacing(self.history) as temporary:
            temporary.write_text(text.getvalue(), encoding="utf-8", newline="")


def _format_sum(losses: dict[str, float]) -> str:
    return " + ".join(f"{weight:g}·{name}" for name, weight in losses.items())
