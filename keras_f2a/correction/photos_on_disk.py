"""Corrects photographs on this machine's disk, as `keras-f2a correct` does."""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.folder_contents import PAGE_NAME
from keras_f2a.correction.folders import DiskFolder
from keras_f2a.correction.job import PhotoJob, stopped_note
from keras_f2a.correction.photo_plan import plan_photos
from keras_f2a.correction.photo_task import PhotoResult, PhotoTask
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings, changed_settings
from keras_f2a.generator_files import needs_tensorflow
from keras_f2a.imaging.before_after_page import comparison_page
from keras_f2a.support.errors import InputError
from keras_f2a.support.progress import progress_bar

if TYPE_CHECKING:
    from keras_f2a.correction.corrector import Corrector

_logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """The outcome of correcting many photographs.

    Attributes:
        corrected: The files that were written.
        finished: Existing results, whose photographs were skipped.
        failures: One line for each photograph that failed. It names the file and the reason.
        not_tried: The photographs that were not tried, because the disk was full.
        left: How many of `corrected` are almost unchanged, because they show no flash.
        page: The page that was written, if any.
        seconds: Stage name to seconds spent in it. Decoding and encoding run in parallel with the
            other stages.
    """

    corrected: list[Path] = field(default_factory=list)
    finished: list[Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    not_tried: list[Path] = field(default_factory=list)
    left: int = 0
    page: Path | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many photographs there were."""
        photos = [*self.corrected, *self.finished, *self.not_tried]
        return len(photos) + len(self.failures)


def correct_photos(
    photos: str | os.PathLike | Sequence[str | os.PathLike],
    output: str | os.PathLike,
    *,
    recursive: bool = False,
    page: bool = False,
    settings: CorrectionSettings | None = None,
    output_settings: OutputSettings | None = None,
    **changes: Any,
) -> Outcome:
    """Correct photographs one by one, while the next is decoded and the previous one is encoded.

    A photograph that cannot be read or written is skipped, and one line about it is logged. A full
    disk ends the job. A terminal shows a progress bar. Photographs that already have a result are
    skipped, so the same call resumes a job that was stopped.

    Args:
        photos: Files, folders and patterns; see `keras_f2a.correction.photo_plan.plan_photos`.
        output: The folder for the results, or for a single photograph the name of a file.
        recursive: Whether to search subfolders too.
        page: Whether to write a page with a draggable divider on each photograph that has a result.
            Unless `force` replaces `comparison.html`, its name is the first free one of that,
            `comparison-2.html` and so on.
        settings: The settings of the correction; the defaults if `None`.
        output_settings: How photographs are read and results written; the defaults if `None`.
        **changes: Individual settings of either kind, for example ``strength=0.5, force=True``.

    Returns:
        The files that were written, the photographs that were skipped, and the time it took.

    Raises:
        InputError: There is no photograph to correct, the model cannot be loaded, or a setting is
            out of range.
        WorkError: The page could not be written.

    Example:
        >>> outcome = keras_f2a.correct_photos(["album/"], "corrected/", recursive=True)
        >>> outcome.failures
        []
    """
    settings, output_settings = changed_settings(changes, settings, output_settings)
    plan = plan_photos(photos, output, recursive)
    results = DiskFolder(str(plan.folder))
    for task in plan.tasks:
        if task.fixed_name and not output_settings.force and results.exists(task.target):
            problem = "already exists; `force` replaces it"
            if results.is_photograph(task.target, task.source):
                problem = "is the photograph itself; choose another file"
            raise InputError(problem, setting="output", value=output)
    outcome = Outcome()
    for note in plan.ignored.notes():
        _logger.info(note)
    for failure in plan.failures:
        _record_failure(outcome, str(failure))
    corrector: Corrector | None = None
    # Importing TensorFlow while a thread decodes has ended in a segmentation fault.
    if needs_tensorflow(settings.model):
        corrector = _load_corrector(settings, len(plan.tasks))
    steps = FileCorrection(output_settings)
    with ExitStack() as stack:
        job = stack.enter_context(PhotoJob(plan.tasks, results, steps))
        corrector = corrector or _load_corrector(settings, len(plan.tasks))
        if page:
            page_file = comparison_page(plan.folder / PAGE_NAME, force=output_settings.force)
            steps.page = stack.enter_context(page_file)
        _record_results(job.results(corrector.correct_image), results, plan.tasks, outcome)
    if steps.page is not None:
        outcome.page = steps.page.path
    outcome.seconds = corrector.stopwatch.seconds | steps.stopwatch.seconds
    return outcome


def _load_corrector(settings: CorrectionSettings, photographs: int) -> "Corrector":
    # Late: the first photograph is decoded while NumPy and LiteRT are imported.
    from keras_f2a.correction.corrector import Corrector

    # With several photographs, one core decodes and encodes while the network runs. Network threads
    # that share this core would wait for each other, and they wait busily.
    cores = os.cpu_count() or 1
    return Corrector(settings, threads=max(cores - 1, 1) if photographs > 1 else None)


def _record_results(
    results: Iterator[PhotoResult], output: DiskFolder, tasks: Sequence[PhotoTask], outcome: Outcome
) -> None:
    with progress_bar(len(tasks), "photograph") as bar:
        for index, result in enumerate(results):
            target = Path(output.display_path(result.task.target))
            if result.status == "finished":
                outcome.finished.append(target)
            elif result.status == "corrected":
                outcome.corrected.append(target)
                outcome.left += result.is_left
                if result.message:
                    _logger.warning(result.message)
            else:
                if result.disk_full:
                    outcome.not_tried = [Path(task.source) for task in tasks[index + 1 :]]
                _record_failure(outcome, result.message, stopped_note(len(outcome.not_tried)))
            bar.update()


def _record_failure(outcome: Outcome, message: str, note: str = "") -> None:
    outcome.failures.append(message)
    _logger.warning(f"skipped {message}; {note}" if note else f"skipped {message}")
