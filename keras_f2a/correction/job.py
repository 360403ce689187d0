"""Takes photographs from folders through a corrector into a folder for the results."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple

from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.folders import Folder
from keras_f2a.correction.job_targets import JobTargets
from keras_f2a.correction.local_copies import LocalCopies
from keras_f2a.correction.photo_task import PhotoResult, PhotoTask
from keras_f2a.imaging.photo import Photo
from keras_f2a.support.counting import counted
from keras_f2a.support.errors import InputError, NoSpaceError, TakenError, WorkError, one_line
from keras_f2a.support.printable import printable

if TYPE_CHECKING:
    from pathlib import Path

    from keras_f2a.correction.file_correction import Change
    from keras_f2a.correction.pixels import Correct

MAX_OVERLAP_MEGAPIXELS = 60
"""Megapixels up to which a photograph is encoded while the next one is corrected.

A third photograph is in memory then.
"""


class _Decoded(NamedTuple):
    """A task with its final target, and its photograph; `None` if the result already exists."""

    task: PhotoTask
    photo: Photo | None


class _Corrected(NamedTuple):
    """A task, and what to write for it; both are `None` if the result already exists."""

    task: PhotoTask
    photo: Photo | None = None
    change: Change | None = None


def stopped_note(not_tried: int) -> str:
    """Return a note that says how many photographs a full disk left untried; empty if none."""
    if not not_tried:
        return ""
    were = "was" if not_tried == 1 else "were"
    return f"stopped, so {counted(not_tried, 'photograph')} {were} not tried"


class PhotoJob:
    """Corrects photographs one by one and writes one result for each. Use it in a `with` statement.

    While it corrects one photograph, it fetches and decodes the next and encodes and stores the
    previous one. So three photographs are in memory at a time, or two if they are large. Reading
    the first photograph starts when the block is entered, before the corrector has loaded.

    Args:
        tasks: The photographs and where their results go.
        output: The folder for the results.
        steps: How photographs are read and written.
    """

    def __init__(self, tasks: Sequence[PhotoTask], output: Folder, steps: FileCorrection):
        self._tasks, self._output, self._steps = tasks, output, steps
        self._targets = JobTargets(output, steps.output)
        self._prefetched: list[Future[_Decoded]] = []  # At most one.

    def __enter__(self) -> PhotoJob:
        with ExitStack() as stack:
            self._copies = stack.enter_context(LocalCopies())
            self._reader = ThreadPoolExecutor(1, "decode")
            stack.callback(self._reader.shutdown, cancel_futures=True)
            self._prefetch(0)
            self._close = stack.pop_all().close
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def results(self, correct: Correct) -> Iterator[PhotoResult]:
        """Yield the result of each photograph, in order.

        A photograph that fails does not stop the others. A full disk ends the job, and a photograph
        that was corrected in the meantime is not written.

        Args:
            correct: Corrects a photograph's pixels in place.
        """
        with closing(self._all_results(correct)) as results:
            for result in results:
                yield result
                if result.disk_full:
                    return

    def _all_results(self, correct: Correct) -> Generator[PhotoResult, None, None]:
        """Yield the result of each photograph, whether or not the disk is full."""
        pending: Future[PhotoResult] | None = None
        with ThreadPoolExecutor(1, "encode") as encoder:
            for index, task in enumerate(self._tasks):
                decoding = self._prefetched.pop()
                decoding.exception()  # Wait until it is decoded, and only then start the next one.
                self._prefetch(index + 1)
                corrected = self._correct(task, decoding, correct)
                if pending is not None:
                    yield pending.result()
                    pending = None
                if isinstance(corrected, PhotoResult):
                    yield corrected
                    continue
                pending = encoder.submit(self._store, *corrected)
                photo = corrected.photo
                if photo is None or photo.megapixels > MAX_OVERLAP_MEGAPIXELS:
                    yield pending.result()
                    pending = None
            if pending is not None:
                yield pending.result()

    def _prefetch(self, index: int) -> None:
        """Start to decode a photograph, if there is one at this index."""
        if index < len(self._tasks):
            self._prefetched.append(self._reader.submit(self._read, self._tasks[index]))

    def _correct(
        self, task: PhotoTask, decoding: Future[_Decoded], correct: Correct
    ) -> _Corrected | PhotoResult:
        """Return what to write for a photograph, or its failure."""
        try:
            task, photo = decoding.result()
            if photo is None:
                return _Corrected(task)
            return _Corrected(task, photo, self._steps.correct(correct, photo, task.source))
        except Exception as error:  # Each decoder raises its own types.
            return self._failure(task, error)

    def _store(self, task: PhotoTask, photo: Photo | None, change: Change | None) -> PhotoResult:
        try:
            if photo is None or change is None:
                return self._keep(task)
            try:
                message = self._copies.name_originals(self._write(task, photo, change))
            except TakenError:
                if not self._targets.is_finished(task):
                    raise
                return self._keep(task)  # Another process wrote it in the meantime.
            return PhotoResult(task, "corrected", message, is_left=change.is_left)
        except Exception as error:  # Each kind of store raises its own types.
            return self._failure(task, error)

    def _failure(self, task: PhotoTask, error: Exception) -> PhotoResult:
        if isinstance(error, InputError | WorkError):
            message = self._copies.name_originals(str(error))
        else:
            reason = self._copies.name_originals(one_line(error))
            message = f"{printable(task.source)}: {reason}"
        disk_full = isinstance(error, NoSpaceError)
        return PhotoResult(task, "failed", message, disk_full=disk_full, error=error)

    def _read(self, task: PhotoTask) -> _Decoded:
        """Decode a photograph and choose a target that can hold it."""
        if not self._targets.needs_correction(task):
            return _Decoded(self._targets.claim(task), None)
        with self._copies.fetch(task.folder, task.name) as file:
            photo = self._steps.read(file)
        if photo.alpha is not None and task != task.with_alpha:
            task = task.with_alpha
            if task.png_taken:
                raise self._targets.collision(task, "another photograph")
            if not self._targets.needs_correction(task):
                return _Decoded(self._targets.claim(task), None)
        return _Decoded(self._targets.claim(task), photo)

    def _keep(self, task: PhotoTask) -> PhotoResult:
        """Add an existing result to the page, and draw its before/after picture if it has none."""
        name, steps = task.comparison, self._steps
        needs_comparison = steps.output.compare and not self._output.has_result(name, task.source)
        try:
            if needs_comparison:
                self._output.check_target(name, force=False)
            if needs_comparison or steps.page is not None:
                with (
                    self._copies.fetch(task.folder, task.name) as file,
                    self._copies.fetch(self._output, task.target) as result,
                    ExitStack() as stack,
                ):
                    comparison = self._stage(stack, name, False) if needs_comparison else None
                    steps.compare(file, result, source=task.source, comparison=comparison)
        except TakenError:
            # Another process may have drawn the picture meanwhile.
            if not self._output.has_result(name, task.source):
                raise
        return PhotoResult(task, "finished")

    def _write(self, task: PhotoTask, photo: Photo, change: Change) -> str:
        output = self._steps.output
        is_outdated = output.compare and self._targets.is_outdated(task)
        comparison = None
        with ExitStack() as stack:
            if output.compare:  # The stack stores the target first, and only then this picture.
                force = output.force or is_outdated
                comparison = self._stage(stack, task.comparison, force)
            return self._steps.write(
                photo,
                change,
                source=task.source,
                target=self._stage(stack, task.target, output.force),
                comparison=comparison,
                is_outdated=is_outdated,
            )

    def _stage(self, stack: ExitStack, name: str, force: bool) -> Path:
        return self._copies.stage(stack, self._output, name, force=force)
