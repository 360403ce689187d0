"""One photograph from file to file, in two steps: a batch reads the next one beside the second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from keras_f2a.correction.photo_plan import PhotoTask
from keras_f2a.correction.settings import OutputSettings
from keras_f2a.imaging.before_after import preview, save_side_by_side
from keras_f2a.imaging.before_after_page import ComparisonPage
from keras_f2a.imaging.conversion import to_8_bits
from keras_f2a.imaging.decoders import open_image
from keras_f2a.imaging.metadata import left_out_of
from keras_f2a.imaging.photo import Photo, open_photo
from keras_f2a.imaging.photo_output import check_target, format_of, save_photo
from keras_f2a.support.errors import WorkError
from keras_f2a.support.printable import printable
from keras_f2a.support.stopwatch import Stopwatch

if TYPE_CHECKING:
    import numpy as np

    Correct = Callable[[Image.Image | np.ndarray], None]
    Previews = tuple[Image.Image, Image.Image]


class Corrected(NamedTuple):
    """What became of one photograph.

    Attributes:
        target: The file of its result.
        note: What the user should know about it, mostly nothing.
        is_new: Whether the result was written now; `False` if it was there.
    """

    target: Path
    note: str = ""
    is_new: bool = True


@dataclass
class FileCorrection:
    """How photographs are read, corrected and written.

    Attributes:
        output: What is asked for.
        page: A page that each photograph is added to, or `None`.
        stopwatch: Takes the seconds of decoding and encoding.
    """

    output: OutputSettings
    page: ComparisonPage | None = None
    stopwatch: Stopwatch = field(default_factory=Stopwatch)

    def read(self, task: PhotoTask) -> Photo:
        """Checks where the results will go, then decodes the photograph.

        Raises:
            InputError: A result may not be written there, or the photograph cannot be read.
        """
        self.check_targets(task)
        with self.stopwatch.stage("decode"):
            return open_photo(task.source, self.output.max_megapixels)

    def is_finished(self, task: PhotoTask) -> bool:
        """Whether an earlier run has corrected the photograph: its result is there, an image."""
        output, target = self.output, task.target
        if output.force or not output.resume or task.named:
            return False
        try:
            if not target.is_file() or target.samefile(task.source):
                return False
            if output.compare and not task.comparison.exists():
                return False
            open_image(target).close()
        except Exception:  # Decoders raise almost any; then it is not a result of ours.
            return False
        return True

    def check_targets(self, task: PhotoTask) -> None:
        """Raises an `InputError` if a result may not be written where it is to go."""
        check_target(task.target, self.output.force)
        if self.output.compare:
            check_target(task.comparison, self.output.force)

    def correct_content(self, correct: Correct, source: Path) -> Corrected:
        """Corrects a photograph whose file has no name of its own into a file beside it.

        The result's format follows the content: HEIC and RAW become JPEG, JPEG with alpha PNG.

        Args:
            correct: What corrects its pixels.
            source: The photograph. The result is `result` beside it, with the format's suffix.

        Raises:
            InputError: The photograph cannot be read.
            WorkError: It could not be corrected or written.
        """
        # Late: a file that has a name needs no NumPy before it is decoded.
        from keras_f2a.correction.photo_kinds import result_suffix

        with source.open("rb") as file:
            suffix = result_suffix(file.read(12))
        return self.correct_file(correct, PhotoTask(source, source.with_name("result" + suffix)))

    def correct_file(self, correct: Correct, task: PhotoTask) -> Corrected:
        """Corrects a photograph from file to file, unless its result is there.

        Args:
            correct: What corrects its pixels.
            task: Where it lies and where its result goes; with alpha, `.jpg` becomes `.png`.

        Raises:
            InputError: A result may not be written there, or the photograph cannot be read.
            WorkError: It could not be corrected or written.
        """
        if self.is_finished(task):
            return Corrected(task.target, is_new=False)
        photo = self.read(task)
        if photo.alpha is not None and task != task.with_alpha:
            task = task.with_alpha
            if self.is_finished(task):
                return Corrected(task.target, is_new=False)
            self.check_targets(task)
        return Corrected(task.target, self.finish(correct, task, photo))

    def finish(self, correct: Correct, task: PhotoTask, photo: Photo) -> str:
        """Corrects the photograph in place and writes it and what shows it.

        Args:
            correct: What corrects its pixels.
            task: Where the results go.
            photo: What `read` returned.

        Returns:
            What the user should know about it, mostly nothing.

        Raises:
            WorkError: It could not be corrected or written.
        """
        return self.write(task, photo, self.correct(correct, task, photo))

    def correct(self, correct: Correct, task: PhotoTask, photo: Photo) -> Previews | None:
        """Corrects the photograph in place.

        Args:
            correct: Corrects an RGB image, or an array of 16 bits, in place.
            task: What the photograph is called.
            photo: What `read` returned.

        Returns:
            The photograph before and after, small, if the output shows it.

        Raises:
            WorkError: It could not be corrected.
        """
        with _enough_memory(task):
            shown = self.output.compare or self.page is not None
            before = preview(to_8_bits(photo.image)) if shown else None
            correct(photo.image)
            return None if before is None else (before, preview(to_8_bits(photo.image)))

    def write(self, task: PhotoTask, photo: Photo, shown: Previews | None) -> str:
        """Writes the corrected photograph and what shows it.

        Args:
            task: Where the results go.
            photo: The corrected photograph.
            shown: What `correct` returned.

        Returns:
            What the user should know about it, mostly nothing.

        Raises:
            WorkError: It could not be written.
        """
        with _enough_memory(task):
            with self.stopwatch.stage("encode"):
                save_photo(
                    photo,
                    task.target,
                    self.output.quality,
                    keep_time=self.output.keep_time,
                    mark_edited=self.output.mark_edited,
                )
            if shown is not None and self.output.compare:
                save_side_by_side(*shown, task.comparison)
            if shown is not None and self.page is not None:
                self.page.add(str(task.source), *shown)
        notes = []
        if photo.frames > 1:
            notes.append(f"holds {photo.frames} images; corrected the first one")
        if left_out := left_out_of(photo.metadata, format_of(task.target)):
            notes.append(f"its {' and '.join(left_out)} cannot be corrected; left out")
        return f"{printable(task.source)}: {'; '.join(notes)}" if notes else ""


@contextmanager
def _enough_memory(task: PhotoTask) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise WorkError(f"{printable(task.source)}: out of memory") from error
