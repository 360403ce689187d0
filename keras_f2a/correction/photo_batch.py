"""Corrects many photographs, one after the other, and survives bad files among them."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.photo_plan import PhotoTask
from keras_f2a.correction.settings import OutputSettings
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
        failures: One line for each photograph that was skipped; it names the file and the reason.
        not_tried: The photographs that were left when the disk was full.
        seconds: Stage name to seconds spent in it. Decoding runs beside the other stages.
    """

    corrected: list[Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    not_tried: list[Path] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def correct_photos(
    corrector: Corrector | Callable[[], Corrector],
    tasks: Sequence[PhotoTask],
    output: OutputSettings,
    *,
    page: str | Path | None = None,
) -> Outcome:
    """Corrects photographs one by one, decoding the next while one computes.

    A photograph that cannot be read or written is reported in one logged line and skipped; a full
    disk ends the work. A progress bar is shown on a terminal.

    Args:
        corrector: The corrector, or a function that loads it, called while the first photograph
            is being decoded. One that needs TensorFlow must be loaded before: TensorFlow's import
            beside a thread that decodes has ended in a segmentation fault.
        tasks: What `keras_f2a.correction.photo_plan.plan_photos` returned.
        output: How photographs are read and results written.
        page: HTML file to write, with a draggable divider on each photograph.

    Returns:
        What was written, what was skipped and how long it took.

    Raises:
        InputError: The corrector cannot be loaded, or the page exists and `force` is not set.
        WorkError: The page could not be written.
    """
    steps = FileCorrection(output)
    outcome = Outcome()
    with ExitStack() as stack:
        reader = ThreadPoolExecutor(1, "decode")
        stack.callback(reader.shutdown, cancel_futures=True)
        photos = _read_ahead(reader, _Reading(steps), tasks)
        if not isinstance(corrector, Corrector):
            corrector = corrector()
        if page is not None:
            check_writable(page, output.force)
            steps.page = stack.enter_context(comparison_page(page))
        bar = stack.enter_context(progress_bar(len(tasks), "photograph"))
        for number, reading in enumerate(photos, start=1):
            try:
                task, photo = reading.result()
                note = steps.finish(corrector.correct_image, task, photo)
                outcome.corrected.append(task.target)
            except (InputError, WorkError) as error:
                note = f"skipped {error}"
                outcome.failures.append(str(error))
                if isinstance(error, NoSpaceError):
                    outcome.not_tried = [left.source for left in tasks[number:]]
                    note += f"; stopped, {len(outcome.not_tried)} photographs were not tried"
            if note:
                _logger.warning(note)
            bar.update()
            if outcome.not_tried:
                break
    outcome.seconds = corrector.stopwatch.seconds | steps.stopwatch.seconds
    return outcome


class _Reading:
    """Reads photographs, each of which must have a result of its own."""

    def __init__(self, steps: FileCorrection):
        self._steps = steps
        self._sources: dict[Path, Path] = {}

    def __call__(self, task: PhotoTask) -> tuple[PhotoTask, Photo]:
        """Returns the photograph, and the task with a target that can hold it."""
        self._check_result(task)
        photo = self._steps.read(task)
        if photo.alpha is not None and task != task.with_alpha:
            task = task.with_alpha
            self._check_result(task)
            self._steps.check_targets(task)
        # Only now: a damaged photograph has no result.
        self._sources[task.target] = task.source
        return task, photo

    def _check_result(self, task: PhotoTask) -> None:
        earlier = self._sources.get(task.target, task.source)
        if earlier != task.source:
            raise InputError(
                f"{printable(task.source)}: {printable(task.target)} is the result of "
                f"{printable(earlier)}; correct one of them into another folder"
            )


def _read_ahead(
    reader: ThreadPoolExecutor,
    read: Callable[[PhotoTask], tuple[PhotoTask, Photo]],
    tasks: Sequence[PhotoTask],
) -> Iterator["Future[tuple[PhotoTask, Photo]]"]:
    """Starts to decode the first photograph and returns an iterator that decodes the next ones.

    It yields each photograph, decoded or failed, while the next is being decoded: two photographs
    are in memory at a time.
    """
    first = [reader.submit(read, task) for task in tasks[:1]]

    def photos() -> Iterator[Future[tuple[PhotoTask, Photo]]]:
        ahead = first
        for following in range(1, len(tasks) + 1):
            current = ahead.pop()
            current.exception()  # Waits for it, and leaves raising to the one who takes it.
            ahead = [reader.submit(read, task) for task in tasks[following : following + 1]]
            yield current

    return photos()
