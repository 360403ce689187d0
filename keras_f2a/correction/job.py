"""Corrects many photographs, one after the other, and survives bad files among them."""

import itertools
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.folder_contents import PAGE_NAME
from keras_f2a.correction.photo_plan import PhotoPlan, PhotoTask, plan_photos
from keras_f2a.correction.reading import PhotoReader, Reading, read_ahead
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings, changed_settings
from keras_f2a.generator_files import needs_tensorflow
from keras_f2a.imaging.before_after_page import comparison_page
from keras_f2a.support.atomic_file import check_writable
from keras_f2a.support.errors import InputError, NoSpaceError, WorkError
from keras_f2a.support.progress import progress_bar

if TYPE_CHECKING:
    from keras_f2a.correction.corrector import Corrector

LARGEST_BESIDE = 60
"""Megapixels of a photograph that may be written while the next is corrected, a third in memory."""

_logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What became of many photographs.

    Attributes:
        corrected: The files that were written.
        finished: Results that were there before, of photographs that were passed over.
        failures: One line for each photograph that was skipped; it names the file and the reason.
        not_tried: The photographs that were left when the disk was full.
        page: The page that was written, if any.
        seconds: Stage name to seconds spent in it. Decoding and encoding run beside the others.
    """

    corrected: list[Path] = field(default_factory=list)
    finished: list[Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    not_tried: list[Path] = field(default_factory=list)
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
    """Corrects photographs one by one, while the next is decoded and the last is encoded.

    A photograph that cannot be read or written is reported in one logged line and skipped; a full
    disk ends the work. A progress bar is shown on a terminal. Photographs whose result is there
    are skipped, so the same call resumes a job that was stopped.

    Args:
        photos: Files, folders and patterns; see `keras_f2a.correction.photo_plan.plan_photos`.
        output: The folder for the results, or for a single photograph the name of a file.
        recursive: Whether folders inside the folders are searched too.
        page: Write a page with a draggable divider on each photograph that is corrected, under
            the first name of `comparison.html`, `comparison-2.html` and so on that is free.
        settings: What is asked for; all defaults if `None`.
        output_settings: How photographs are read and results written; all defaults if `None`.
        **changes: Values of either of them by name, for example ``strength=0.5, force=True``.

    Returns:
        What was written, what was skipped and how long it took.

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
    for task in plan.tasks:
        if task.named and not output_settings.force and task.target.exists():
            raise InputError(
                "exists already; `force` replaces it", setting="output", value=task.target
            )
    outcome = Outcome()
    for note in plan.left.notes():
        _logger.info(note)
    for failure in plan.failures:
        _skip(outcome, failure)
    corrector: Corrector | None = None
    # TensorFlow's import beside a thread that decodes has ended in a segmentation fault.
    if needs_tensorflow(settings.model):
        corrector = _corrector(settings, len(plan.tasks))
    steps = FileCorrection(output_settings)
    with ExitStack() as stack:
        reader = ThreadPoolExecutor(1, "decode")
        stack.callback(reader.shutdown, cancel_futures=True)
        readings = read_ahead(reader, PhotoReader(steps), plan.tasks)
        corrector = corrector or _corrector(settings, len(plan.tasks))
        if page:
            outcome.page = _page_file(plan.folder, output_settings.force)
            steps.page = stack.enter_context(comparison_page(outcome.page))
        _correct(readings, corrector, steps, plan, outcome)
    if outcome.page is not None and not outcome.page.exists():
        outcome.page = None
    outcome.seconds = corrector.stopwatch.seconds | steps.stopwatch.seconds
    return outcome


def _corrector(settings: CorrectionSettings, photographs: int) -> "Corrector":
    # Late: the first photograph is decoded while NumPy and LiteRT are imported.
    from keras_f2a.correction.corrector import Corrector

    # One core decodes and encodes the others of several photographs. Two threads of a network that
    # share a core with that would wait for each other, and waiting is work for them.
    cores = os.cpu_count() or 1
    return Corrector(settings, threads=max(cores - 1, 1) if photographs > 1 else None)


def _correct(
    readings: Iterator[Reading],
    corrector: "Corrector",
    steps: FileCorrection,
    plan: PhotoPlan,
    outcome: Outcome,
) -> None:
    with (
        progress_bar(len(plan.tasks), "photograph") as bar,
        ThreadPoolExecutor(1, "encode") as encoder,
    ):
        results = _Results(outcome, plan.tasks, bar.update)
        for reading in readings:
            failure = photo = None
            try:
                task, photo = reading.result()
                if photo is not None:
                    shown = steps.correct(corrector.correct_image, task, photo)
            except (InputError, WorkError) as error:
                failure = error
            results.settle()
            if results.stopped:
                return
            if failure is not None:
                results.failed(failure)
            elif photo is None:
                results.finished_before(task)
            else:
                results.writing(task, encoder.submit(steps.write, task, photo, shown))
                if photo.megapixels > LARGEST_BESIDE:
                    results.settle()
            if results.stopped:
                return
        results.settle()


class _Results:
    """Notes what became of photographs in their order; the last one may still be being written."""

    def __init__(self, outcome: Outcome, tasks: Sequence[PhotoTask], done: Callable[[], Any]):
        self._outcome, self._tasks, self._done = outcome, tasks, done
        self._number = 0
        self._writing: tuple[PhotoTask, Future[str]] | None = None
        self.stopped = False
        """Whether the disk was full."""

    def writing(self, task: PhotoTask, note: "Future[str]") -> None:
        """A photograph is corrected, and its result is being written."""
        self._writing = task, note

    def settle(self) -> None:
        """Waits for the photograph that is being written, if any."""
        if self._writing is None:
            return
        (task, note), self._writing = self._writing, None
        try:
            line = note.result()
        except (InputError, WorkError) as error:
            self.failed(error)
            return
        self._outcome.corrected.append(task.target)
        if line:
            _logger.warning(line)
        self._count()

    def finished_before(self, task: PhotoTask) -> None:
        """The result of a photograph was there."""
        self._outcome.finished.append(task.target)
        self._count()

    def failed(self, error: Exception) -> None:
        """A photograph was skipped; the work stops if the disk was full."""
        left = ""
        if isinstance(error, NoSpaceError):
            self.stopped = True
            not_tried = [task.source for task in self._tasks[self._number + 1 :]]
            self._outcome.not_tried = not_tried
            left = f"; stopped, {len(not_tried)} photographs were not tried"
        _skip(self._outcome, error, left)
        self._count()

    def _count(self) -> None:
        self._number += 1
        self._done()


def _skip(outcome: Outcome, error: Exception, more: str = "") -> None:
    outcome.failures.append(str(error))
    _logger.warning(f"skipped {error}{more}")


def _page_file(folder: Path, force: bool) -> Path:
    """Where the page goes: no earlier one is lost."""
    page = folder / PAGE_NAME
    if not force:
        numbers = itertools.count(2)
        while page.exists():
            page = folder / f"{Path(PAGE_NAME).stem}-{next(numbers)}.html"
    check_writable(page, force)
    return page
