"""Corrects many photographs, one after the other, and survives bad files among them."""

import itertools
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.engines import needs_tensorflow
from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.folder_contents import PAGE_NAME
from keras_f2a.correction.photo_plan import PhotoPlan, PhotoTask, plan_photos
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings, changed_settings
from keras_f2a.imaging.before_after_page import comparison_page
from keras_f2a.imaging.photo import Photo
from keras_f2a.support.atomic_file import check_writable
from keras_f2a.support.errors import InputError, NoSpaceError, WorkError
from keras_f2a.support.printable import printable
from keras_f2a.support.progress import progress_bar

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
        seconds: Stage name to seconds spent in it. Decoding runs beside the other stages.
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
    """Corrects photographs one by one, decoding the next while one computes.

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
        corrector = Corrector(settings)
    steps = FileCorrection(output_settings)
    with ExitStack() as stack:
        reader = ThreadPoolExecutor(1, "decode")
        stack.callback(reader.shutdown, cancel_futures=True)
        readings = _read_ahead(reader, _Reading(steps), plan.tasks)
        corrector = corrector or Corrector(settings)
        if page:
            outcome.page = _page_file(plan.folder, output_settings.force)
            steps.page = stack.enter_context(comparison_page(outcome.page))
        _correct(readings, corrector, steps, plan, outcome)
    if outcome.page is not None and not outcome.page.exists():
        outcome.page = None
    outcome.seconds = corrector.stopwatch.seconds | steps.stopwatch.seconds
    return outcome


def _correct(
    readings: Iterator["Future[tuple[PhotoTask, Photo | None]]"],
    corrector: Corrector,
    steps: FileCorrection,
    plan: PhotoPlan,
    outcome: Outcome,
) -> None:
    with progress_bar(len(plan.tasks), "photograph") as bar:
        for number, reading in enumerate(readings, start=1):
            try:
                task, photo = reading.result()
                if photo is None:
                    outcome.finished.append(task.target)
                else:
                    note = steps.finish(corrector.correct_image, task, photo)
                    outcome.corrected.append(task.target)
                    if note:
                        _logger.warning(note)
            except NoSpaceError as error:
                outcome.not_tried = [left.source for left in plan.tasks[number:]]
                left = f"; stopped, {len(outcome.not_tried)} photographs were not tried"
                _skip(outcome, error, left)
                bar.update()
                return
            except (InputError, WorkError) as error:
                _skip(outcome, error)
            bar.update()


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


class _Reading:
    """Reads photographs, each of which must have a result of its own."""

    def __init__(self, steps: FileCorrection):
        self._steps = steps
        self._sources: dict[Path, Path] = {}

    def __call__(self, task: PhotoTask) -> tuple[PhotoTask, Photo | None]:
        """Returns the photograph, and the task with a target that can hold it.

        The photograph is `None` if its result is there.
        """
        self._check_result(task)
        if self._steps.is_finished(task):
            return self._own(task), None
        photo = self._steps.read(task)
        if photo.alpha is not None and task != task.with_alpha:
            task = task.with_alpha
            self._check_result(task)
            if self._steps.is_finished(task):
                return self._own(task), None
            self._steps.check_targets(task)
        return self._own(task), photo

    def _own(self, task: PhotoTask) -> PhotoTask:
        """Notes whose result it is; only of a photograph that is not damaged: that has none."""
        self._sources[task.target] = task.source
        return task

    def _check_result(self, task: PhotoTask) -> None:
        earlier = self._sources.get(task.target, task.source)
        if earlier != task.source:
            raise InputError(
                f"{printable(task.source)}: {printable(task.target)} is the result of "
                f"{printable(earlier)}; correct one of them into another folder"
            )


def _read_ahead(
    reader: ThreadPoolExecutor,
    read: Callable[[PhotoTask], tuple[PhotoTask, Photo | None]],
    tasks: Sequence[PhotoTask],
) -> Iterator["Future[tuple[PhotoTask, Photo | None]]"]:
    """Starts to decode the first photograph and returns an iterator that decodes the next ones.

    It yields each photograph, decoded or failed, while the next is being decoded: two photographs
    are in memory at a time.
    """
    first = [reader.submit(read, task) for task in tasks[:1]]

    def photos() -> Iterator[Future[tuple[PhotoTask, Photo | None]]]:
        ahead = first
        for following in range(1, len(tasks) + 1):
            current = ahead.pop()
            current.exception()  # Waits for it, and leaves raising to the one who takes it.
            ahead = [reader.submit(read, task) for task in tasks[following : following + 1]]
            yield current

    return photos()
