"""Takes photographs from folders through a corrector into a folder for the results."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.folders import Folder
from keras_f2a.correction.photo_task import PhotoResult, PhotoTask, ResultOwners, collision
from keras_f2a.imaging.photo import Photo
from keras_f2a.support.atomic_file import write_failure
from keras_f2a.support.counting import counted
from keras_f2a.support.errors import InputError, NoSpaceError, TakenError, WorkError, one_line
from keras_f2a.support.printable import printable

if TYPE_CHECKING:
    from keras_f2a.correction.file_correction import Change
    from keras_f2a.correction.pixels import Correct

LARGEST_BESIDE = 60
"""Megapixels up to which a photograph is encoded while the next one is corrected.

A third photograph is in memory then.
"""


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
        self._owners = ResultOwners(output)
        self._shown: dict[str, str] = {}  # Names that messages show for temporary copies.

    def __enter__(self) -> PhotoJob:
        with ExitStack() as stack:
            try:
                scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="keras_f2a-"))
            except OSError as error:
                raise write_failure("the folder for temporary files", error) from error
            self._scratch = Path(scratch)
            self._reader = ThreadPoolExecutor(1, "decode")
            stack.callback(self._reader.shutdown, cancel_futures=True)
            self._ahead = [self._reader.submit(self._read, task) for task in self._tasks[:1]]
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
        writing: Future[PhotoResult] | None = None
        with ThreadPoolExecutor(1, "encode") as encoder:
            for number, task in enumerate(self._tasks, start=1):
                reading = self._ahead.pop()
                reading.exception()  # Wait until it is decoded, and only then start the next one.
                following = self._tasks[number : number + 1]
                self._ahead = [self._reader.submit(self._read, one) for one in following]
                result = self._corrected(task, reading, correct)
                if writing is not None:
                    yield (last := writing.result())
                    if last.full:
                        return
                    writing = None
                if isinstance(result, PhotoResult):
                    yield result
                    if result.full:
                        return
                    continue
                writing = encoder.submit(self._written, *result)
                photo = result[1]
                if photo is None or photo.megapixels > LARGEST_BESIDE:
                    yield (last := writing.result())
                    if last.full:
                        return
                    writing = None
            if writing is not None:
                yield writing.result()

    def _corrected(
        self,
        task: PhotoTask,
        reading: Future[tuple[PhotoTask, Photo | None]],
        correct: Correct,
    ) -> PhotoResult | tuple[PhotoTask, Photo | None, Change | None]:
        """Return what to write for a photograph, or its failure.

        A photograph that is already finished has no pixels.
        """
        try:
            task, photo = reading.result()
            if photo is None:
                return task, None, None
            return task, photo, self._steps.correct(correct, photo, task.source)
        except Exception as error:  # Each decoder raises its own types.
            return self._failed(task, error)

    def _written(self, task: PhotoTask, photo: Photo | None, change: Change | None) -> PhotoResult:
        try:
            if photo is None or change is None:
                return self._finished(task)
            try:
                line = self._reworded(self._write(task, photo, change))
            except TakenError:
                if not self._is_finished(task):
                    raise
                return self._finished(task)  # Another process wrote it in the meantime.
            return PhotoResult(task, "corrected", line, is_left=change.is_left)
        except Exception as error:  # Each kind of store raises its own types.
            return self._failed(task, error)

    def _failed(self, task: PhotoTask, error: Exception) -> PhotoResult:
        if isinstance(error, InputError | WorkError):
            line = self._reworded(str(error))
        else:
            line = f"{printable(task.source)}: {self._reworded(one_line(error))}"
        return PhotoResult(task, "failed", line, full=isinstance(error, NoSpaceError), error=error)

    def _read(self, task: PhotoTask) -> tuple[PhotoTask, Photo | None]:
        """Return the task, with a target that can hold the photograph, and the photograph.

        The photograph is `None` if its result already exists.
        """
        if not self._is_left_to_do(task):
            return self._own(task), None
        with self._fetched(task.folder, task.name) as file:
            photo = self._steps.read(file)
        if photo.alpha is not None and task != task.with_alpha:
            task = task.with_alpha
            if task.png_taken:
                raise self._collision(task, "another photograph")
            if not self._is_left_to_do(task):
                return self._own(task), None
        return self._own(task), photo

    def _is_left_to_do(self, task: PhotoTask) -> bool:
        """Return whether there is no result yet, and check that one can be written."""
        if self._is_finished(task):
            return False
        try:
            self._check_targets(task)
        except TakenError:
            if self._is_finished(task):  # Another process wrote it in the meantime.
                return False
            raise
        return True

    def _is_finished(self, task: PhotoTask) -> bool:
        """Return whether an earlier run corrected the photograph.

        Raises:
            InputError: Another photograph has the same result.
        """
        other = self._owners.owner(task.target, task.source)
        if other != task.source:
            raise self._collision(task, other)
        return self._resumes(task) and self._output.has_result(task.target, task.source)

    def _resumes(self, task: PhotoTask) -> bool:
        settings = self._steps.output
        return settings.resume and not settings.force and not task.named

    def _finished(self, task: PhotoTask) -> PhotoResult:
        """Add an existing result to the page, and draw its before/after picture if it has none."""
        name, steps = task.comparison, self._steps
        compares = steps.output.compare and not self._output.has_result(name, task.source)
        try:
            if compares:
                self._output.check_target(name, force=False)
            if compares or steps.page is not None:
                with (
                    self._fetched(task.folder, task.name) as file,
                    self._fetched(self._output, task.target) as result,
                    ExitStack() as stack,
                ):
                    comparison = self._receiving(stack, name) if compares else None
                    steps.show(file, result, source=task.source, comparison=comparison)
        except TakenError:
            # Another process may have drawn the picture meanwhile.
            if not self._output.has_result(name, task.source):
                raise
        return PhotoResult(task, "finished")

    def _collision(self, task: PhotoTask, other: str) -> InputError:
        reason = collision(self._output.shown(task.target), other)
        return InputError(f"{reason}", file=task.source)

    def _check_targets(self, task: PhotoTask) -> None:
        settings = self._steps.output
        if not settings.force and self._output.is_photograph(task.target, task.source):
            raise InputError("is the photograph itself; choose another `output`", file=task.source)
        self._output.check_target(task.target, settings.force)
        if settings.compare:
            self._output.check_target(task.comparison, settings.force or self._is_outdated(task))

    def _is_outdated(self, task: PhotoTask) -> bool:
        """Return whether a before/after picture shows a result that was deleted."""
        return self._resumes(task) and self._output.has_result(task.comparison, task.source)

    def _own(self, task: PhotoTask) -> PhotoTask:
        """Record which photograph the result belongs to.

        Call it once the photograph is decoded, because a damaged one has no result.
        """
        self._owners.add(task.target, task.source)
        return task

    def _write(self, task: PhotoTask, photo: Photo, change: Change) -> str:
        with ExitStack() as stack:
            target = self._receiving(stack, task.target)
            compares = self._steps.output.compare
            return self._steps.write(
                photo,
                change,
                source=task.source,
                target=target,
                comparison=self._receiving(stack, task.comparison) if compares else None,
                is_outdated=compares and self._is_outdated(task),
            )

    @contextmanager
    def _fetched(self, folder: Folder, name: str) -> Iterator[Path]:
        file = folder.fetched(name, self._scratch)
        self._name(file, folder.shown(name))
        try:
            yield file
        finally:
            if file.parent == self._scratch:
                file.unlink(missing_ok=True)

    def _receiving(self, stack: ExitStack, name: str) -> Path:
        path = stack.enter_context(self._output.receiving(name, self._scratch))
        self._name(path, self._output.shown(name))
        return path

    def _name(self, file: Path, shown: str) -> None:
        if file.parent == self._scratch:
            self._shown[printable(file)] = printable(shown)

    def _reworded(self, message: str) -> str:
        for file, shown in list(self._shown.items()):
            message = message.replace(file, shown)
        return message
