"""What a run of several workers needs beyond what a single process needs."""

import hashlib
import json
import shutil
import tempfile
import weakref

from keras_f2a.runs.run_data import RunData
from keras_f2a.runs.run_directory import RunDirectory
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.runs.workers.group import WorkerGroup
from keras_f2a.runs.workers.meeting import agree
from keras_f2a.support.provenance import package_versions

_LOCAL_SETTINGS = {"run_dir", "data", "worker_timeout", "memory_limit"}
"""Settings that may differ between workers. For the data, only the content counts."""


class ScratchRunDirectory(RunDirectory):
    """The run directory of a worker that is not the chief. It is removed when the process ends.

    Every worker writes what the chief writes. What Keras saves includes values that only all
    workers together can compute. A worker that did not take part would make the others wait
    forever.
    """

    def __init__(self):
        super().__init__(tempfile.mkdtemp(prefix="keras_f2a-"))
        self.last_checkpoint.parent.mkdir()
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def meet_the_others(
    group: WorkerGroup, directory: RunDirectory, *, settings: TrainingSettings, data: RunData
) -> None:
    """Check that all workers are there and train the same run, and get the chief's files.

    Args:
        group: The workers.
        directory: The chief's run directory, or another worker's, which receives the chief's files.
        settings: Resolved settings.
        data: The pairs.

    Raises:
        InputError: Versions, settings or data differ.
        WorkError: A worker did not come in time, or the chief's address cannot be used.
    """
    facts = package_versions()
    for name, value in settings.as_dict().items():
        if name not in _LOCAL_SETTINGS:
            facts[f"`{name}`"] = value
    content = json.dumps(data.description, sort_keys=True)
    facts["pairs of digest"] = hashlib.sha256(content.encode()).hexdigest()[:12]
    paths = [directory.last_checkpoint, directory.best_generator]
    paths += [directory.generator, directory.history, directory.picture, directory.results]
    shared_files = {path.relative_to(directory.path).as_posix(): path for path in paths}
    files = {name: path.read_bytes() for name, path in shared_files.items() if path.is_file()}
    received = agree(group, facts, files, timeout=settings.machine.worker_timeout)
    for name, file_content in received.items():
        if not group.is_chief and name in shared_files:
            with directory.replacing(shared_files[name]) as temporary:
                temporary.write_bytes(file_content)
