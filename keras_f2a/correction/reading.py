"""Reads the photographs of a folder, the next one while the last is corrected."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from keras_f2a.correction.file_correction import FileCorrection
from keras_f2a.correction.photo_plan import PhotoTask
from keras_f2a.imaging.photo import Photo
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

Reading = Future[tuple[PhotoTask, Photo | None]]


class PhotoReader:
    """Reads photographs, each of which must have a result of its own.

    Args:
        steps: How a photograph is read.
    """

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


def read_ahead(
    reader: ThreadPoolExecutor,
    read: Callable[[PhotoTask], tuple[PhotoTask, Photo | None]],
    tasks: Sequence[PhotoTask],
) -> Iterator[Reading]:
    """Starts to decode the first photograph and returns an iterator that decodes the next ones.

    It yields each photograph, decoded or failed, while the next is being decoded: of those that are
    read, two are in memory at a time.

    Args:
        reader: Runs the reading, one photograph after the other.
        read: Reads one.
        tasks: The photographs.
    """
    first = [reader.submit(read, task) for task in tasks[:1]]

    def photos() -> Iterator[Reading]:
        ahead = first
        for following in range(1, len(tasks) + 1):
            current = ahead.pop()
            current.exception()  # Waits for it, and leaves raising to the one who takes it.
            ahead = [reader.submit(read, task) for task in tasks[following : following + 1]]
            yield current

    return photos()
