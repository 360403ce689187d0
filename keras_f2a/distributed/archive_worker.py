"""What one worker does with its portion of an archive; it knows nothing of Ray."""

import json
import platform
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.photo_plan import PhotoTask, result_name
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.distributed.archive_plan import Source, png_of
from keras_f2a.distributed.stores import Failure, open_folder
from keras_f2a.generator_files import needs_tensorflow
from keras_f2a.imaging.photo import open_photo
from keras_f2a.imaging.photo_output import check_target
from keras_f2a.support.errors import InputError, NoSpaceError, WorkError, one_line
from keras_f2a.support.keras_backend import use_tensorflow
from keras_f2a.support.printable import printable
from keras_f2a.support.provenance import package_versions
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly


def _version() -> str:
    return package_versions()["keras_f2a"]


@dataclass(frozen=True)
class ArchiveJob:
    """How an archive is corrected; the same for all workers.

    Attributes:
        sources: Where photographs are.
        output: The folder for the results.
        model: Name and content of the model's file, and then of its card if it has one; `None` for
            the package's own.
        settings: What is asked for, but for the model.
        output_settings: How photographs are read and results written.
        version: That of the package where the job was begun.
    """

    sources: tuple[Source, ...]
    output: str
    model: dict[str, bytes] | None = None
    settings: CorrectionSettings = CorrectionSettings()
    output_settings: OutputSettings = OutputSettings()
    version: str = field(default_factory=_version)


@dataclass(frozen=True)
class PortionResult:
    """What became of a portion.

    Attributes:
        corrected: How many photographs have a result now.
        failures: Path and reason of each that has none.
        notes: What the user should know of others.
        full: Whether a disk was full, which ended the portion.
    """

    corrected: int
    failures: list[Failure]
    notes: list[str] = field(default_factory=list)
    full: bool = False


class ArchiveWorker:
    """Corrects portions of an archive, one photograph after the other, in one thread.

    The next photograph is fetched from its store while one is corrected.

    Args:
        job: What all workers share.

    Attributes:
        sources: The folders that photographs are in.
        output: The folder for the results.
        steps: How photographs are written.
        corrector: What corrects them.

    Raises:
        WorkError: This machine has another version of the package.
    """

    def __init__(self, job: ArchiveJob):
        if job.version != _version():
            raise WorkError(
                f"{platform.node()}: has keras_f2a {_version()}, and the job was "
                f"begun with {job.version}; install the same version everywhere"
            )
        warnings.filterwarnings("ignore", module="PIL")  # Oddities that no user can act on.
        self.job = job
        self.sources = [open_folder(source.folder) for source in job.sources]
        self.output = open_folder(job.output)
        self.steps = FileCorrection(job.output_settings)
        self.corrector = load_corrector(job, threads=1)

    def __call__(self, row: dict) -> dict:
        """Corrects a portion.

        Args:
            row: `portion`, its number, and `photos`, a JSON text: index of the source, names, and
                those of them that another photograph's PNG stands in the way of.

        Returns:
            `portion`, and `result`, a JSON text: the fields of a `PortionResult`.
        """
        source, names, hindered = json.loads(row["photos"])
        corrected, failures, notes, full = 0, [], [], False
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keras_f2a-")))
            reader = ThreadPoolExecutor(1, "fetch")
            stack.callback(reader.shutdown, cancel_futures=True)
            photos = [_OnePhoto(self, source, name, name not in hindered) for name in names]
            ahead = reader.submit(photos[0].fetch, scratch)
            for photo, following in zip(photos, [*photos[1:], None], strict=True):
                fetched = ahead
                fetched.exception()  # Waits: at most two photographs are in the scratch folder.
                if following is not None:
                    ahead = reader.submit(following.fetch, scratch)
                try:
                    note = photo.correct(fetched.result(), scratch)
                    corrected += 1
                    notes += [note] if note else []
                except Exception as error:  # No photograph, and no store, stops the job.
                    failures.append(photo.failure(error))
                    full = isinstance(error, NoSpaceError)
                if full:
                    break
        return {
            "portion": row["portion"],
            "result": json.dumps([corrected, failures, notes, full]),
        }


class _OnePhoto:
    """A photograph on its way from a folder through the corrector into another folder."""

    def __init__(self, worker: ArchiveWorker, source: int, name: str, may_become_png: bool):
        self._worker = worker
        self._folder = worker.sources[source]
        self._name = name
        self._target = result_name(name)
        self._png = png_of(self._target)
        self._may_become_png = may_become_png
        self._shown: dict[str, str] = {}  # What messages name in place of scratch files.

    def fetch(self, scratch: Path) -> Path | None:
        """The photograph as a file on this machine; `None` if it is done.

        A worker that was killed since may have done it: its whole portion is given out again.
        """
        if not self._worker.job.output_settings.force:
            targets = [self._target]
            if self._png is not None and self._may_become_png:
                targets.append(self._png)
            if any(map(self._worker.output.exists, targets)):
                return None
        file = self._folder.fetched(self._name, scratch)
        self._shown[printable(file)] = printable(self._folder.shown(self._name))
        return file

    def correct(self, file: Path | None, scratch: Path) -> str:
        """Corrects and writes the photograph; returns what the user should know about it."""
        if file is None:
            return ""
        worker = self._worker
        try:
            photo = open_photo(file, worker.job.output_settings.max_megapixels)
            target = self._target
            if photo.alpha is not None and self._png is not None:
                if not self._may_become_png:
                    raise InputError(
                        f"its result {printable(self._png)} is that of another photograph; correct "
                        "one of them into another folder"
                    )
                target = self._png
            with worker.output.receiving(target, scratch) as written:
                self._shown[printable(written)] = printable(worker.output.shown(target))
                check_target(written, worker.job.output_settings.force)
                task = PhotoTask(file, written)
                return self._reworded(
                    worker.steps.finish(worker.corrector.correct_image, task, photo)
                )
        finally:
            if file.parent == scratch:
                file.unlink(missing_ok=True)

    def failure(self, error: Exception) -> Failure:
        """The photograph's path and why it failed."""
        shown = self._folder.shown(self._name)
        known = isinstance(error, InputError | WorkError)
        reason = self._reworded(str(error) if known else one_line(error))
        return shown, reason.removeprefix(f"{printable(shown)}: ")

    def _reworded(self, message: str) -> str:
        for file, shown in self._shown.items():
            message = message.replace(file, shown)
        return message


def load_corrector(job: ArchiveJob, threads: int) -> Corrector:
    """Loads the job's generator.

    Args:
        job: Its model is written to a temporary file while it is loaded.
        threads: In how many threads it is to compute.

    Raises:
        InputError: As `Corrector`.
    """
    if job.model is None:
        return Corrector(job.settings, threads=threads)
    name = next(iter(job.model))
    if needs_tensorflow(name):
        use_tensorflow()
        import_tensorflow_quietly()
        import tensorflow as tf

        # Refused where it is in use already: then its threads are as they were set.
        with suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
    with tempfile.TemporaryDirectory(prefix="keras_f2a-") as folder:
        for file, content in job.model.items():
            Path(folder, file).write_bytes(content)
        return Corrector(Path(folder, name), job.settings, threads=threads)
