"""What one worker does with its chunk of an archive; it knows nothing of Ray."""

import json
import platform
import tempfile
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.folders import Failure
from keras_f2a.correction.job import PhotoJob
from keras_f2a.correction.photo_task import PhotoTask, result_name
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.distributed.archive_plan import Source
from keras_f2a.distributed.stores import open_folder
from keras_f2a.generator_files import needs_tensorflow
from keras_f2a.support.errors import WorkError
from keras_f2a.support.keras_backend import use_tensorflow
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
            one of the package's own, which every worker has.
        settings: What is asked for. Its model counts where `model` is `None`.
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
class ChunkResult:
    """What became of a chunk.

    Attributes:
        corrected: How many photographs have a result now.
        failures: Path and reason of each that has none.
        notes: What the user should know of others.
        full: Whether a disk was full, which ended the chunk.
        left: How many stayed almost as they were, because they show no flash. Those that a worker
            corrected before it was killed are not counted.
    """

    corrected: int
    failures: list[Failure]
    notes: list[str] = field(default_factory=list)
    full: bool = False
    left: int = 0


class ArchiveWorker:
    """Corrects chunks of an archive, one photograph after the other, in one thread.

    A worker that is killed loses its chunk, which is given out again.

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
        """Correct a chunk.

        Args:
            row: `chunk`, its number, and `photos`, a JSON text: index of the source, names, and
                those of them whose PNG is another photograph's.

        Returns:
            `chunk`, and `result`, a JSON text: the fields of a `ChunkResult`.
        """
        source, names, taken = json.loads(row["photos"])
        tasks = [
            PhotoTask(self.sources[source], name, result_name(name), png_taken=name in taken)
            for name in names
        ]
        corrected, failures, notes, full, left = 0, [], [], False, 0
        with PhotoJob(tasks, self.output, self.steps) as job:
            for result in job.results(self.corrector.correct_image):
                full = result.full
                if result.became == "failed":
                    failures.append((result.task.source, result.reason))
                else:  # Finished ones too: a worker that was killed since had corrected them.
                    corrected += 1
                    left += result.is_left
                    notes += [result.line] if result.line else []
        told = json.dumps([corrected, failures, notes, full, left])
        return {"chunk": row["chunk"], "result": told}


def load_corrector(job: ArchiveJob, threads: int) -> Corrector:
    """Load the job's generator.

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
