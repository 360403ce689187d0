"""Corrects one worker's chunks of an archive. This module does not depend on Ray."""

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
from keras_f2a.distributed.model_copies import load_both_orientations
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
    """The description of a job, which all workers share.

    Attributes:
        sources: The sources of the photographs.
        output: The folder for the results.
        model: Name and content of the model's file, followed by those of its sibling for the other
            orientation and of their cards if it has them. `None` for a bundled model, which every
            worker has.
        settings: How to correct. Its model is used only if `model` is `None`.
        output_settings: How to read photographs and write results.
        version: Package version of the process that started the job.
    """

    sources: tuple[Source, ...]
    output: str
    model: dict[str, bytes] | None = None
    settings: CorrectionSettings = CorrectionSettings()
    output_settings: OutputSettings = OutputSettings()
    version: str = field(default_factory=_version)


@dataclass(frozen=True)
class ChunkResult:
    """The result of a chunk.

    Attributes:
        corrected: How many photographs have a result now.
        failures: Path and reason of each photograph without a result.
        notes: Messages for the user about photographs that were corrected.
        full: Whether a full disk ended the chunk.
        left: How many photographs were left almost unchanged, because they show no flash. This
            excludes photographs that a worker corrected before it was killed.
    """

    corrected: int
    failures: list[Failure]
    notes: list[str] = field(default_factory=list)
    full: bool = False
    left: int = 0


class ArchiveWorker:
    """Corrects chunks of an archive, one photograph after another, in one thread.

    If a worker is killed, its chunk is submitted again.

    Args:
        job: The job that all workers share.

    Attributes:
        sources: The folders of the photographs.
        output: The folder for the results.
        steps: Reads photographs and writes results.
        corrector: Corrects the photographs.

    Raises:
        WorkError: This machine has a different version of the package.
    """

    def __init__(self, job: ArchiveJob):
        if job.version != _version():
            raise WorkError(
                f"{platform.node()}: has keras_f2a {_version()}, but the job was "
                f"started with {job.version}; install the same version everywhere"
            )
        warnings.filterwarnings("ignore", module="PIL")  # Users cannot act on Pillow's warnings.
        self.job = job
        self.sources = [open_folder(source.folder) for source in job.sources]
        self.output = open_folder(job.output)
        self.steps = FileCorrection(job.output_settings)
        self.corrector = load_corrector(job, threads=1)

    def __call__(self, row: dict) -> dict:
        """Correct a chunk.

        Args:
            row: The chunk's number as `chunk`, and its photographs as `photos`. These are a JSON
                list of the source's index, the names, and the names whose PNG alternative is
                another photograph's target.

        Returns:
            The chunk's number as `chunk`, and the fields of a `ChunkResult` as `result`, a JSON
            list.
        """
        source, names, taken = json.loads(row["photos"])
        tasks = [
            PhotoTask(self.sources[source], name, result_name(name), png_taken=name in taken)
            for name in names
        ]
        corrected, failures, notes, full, left = 0, [], [], False, 0
        with PhotoJob(tasks, self.output, self.steps) as job:
            for result in job.results(self.corrector.correct_image):
                full = result.disk_full
                if result.status == "failed":
                    failures.append((result.task.source, result.reason))
                else:  # Also those that a worker corrected before it was killed.
                    corrected += 1
                    left += result.is_left
                    notes += [result.message] if result.message else []
        result_json = json.dumps([corrected, failures, notes, full, left])
        return {"chunk": row["chunk"], "result": result_json}


def load_corrector(job: ArchiveJob, threads: int) -> Corrector:
    """Load the job's model.

    Args:
        job: The job. Its model is written to a temporary file for loading.
        threads: Number of threads for the model's computation.

    Raises:
        InputError: As in `Corrector`.
    """
    if job.model is None:
        return Corrector(job.settings, threads=threads)
    name = next(iter(job.model))
    if needs_tensorflow(name):
        use_tensorflow()
        import_tensorflow_quietly()
        import tensorflow as tf

        # TensorFlow raises an error if it is already in use. It then keeps its number of threads.
        with suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
    with tempfile.TemporaryDirectory(prefix="keras_f2a-") as folder:
        for file, content in job.model.items():
            Path(folder, file).write_bytes(content)
        corrector = Corrector(Path(folder, name), job.settings, threads=threads)
        load_both_orientations(corrector, Path(folder, name))
        return corrector
