"""Reads, corrects and writes one photograph. A job runs the three steps in parallel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from keras_f2a.correction.settings import OutputSettings
from keras_f2a.imaging.before_after import preview, save_side_by_side
from keras_f2a.imaging.before_after_page import ComparisonPage
from keras_f2a.imaging.conversion import to_8_bits
from keras_f2a.imaging.metadata import list_left_out
from keras_f2a.imaging.photo import Photo, open_photo
from keras_f2a.imaging.photo_output import format_of, save_photo
from keras_f2a.support.errors import WorkError
from keras_f2a.support.printable import printable
from keras_f2a.support.stopwatch import Stopwatch

if TYPE_CHECKING:
    from keras_f2a.correction.pixels import Correct


class Change(NamedTuple):
    """What a correction did to a photograph.

    Attributes:
        previews: Small versions before and after; `None` if no picture or page shows them.
        is_left: Whether it is almost unchanged, because it shows no flash.
    """

    previews: tuple[Image.Image, Image.Image] | None
    is_left: bool


@dataclass
class FileCorrection:
    """How photographs are read, corrected and written.

    Attributes:
        output: How photographs are read and results are written.
        page: A page that each photograph is added to, or `None`.
        stopwatch: Measures the seconds of decoding and encoding.
    """

    output: OutputSettings
    page: ComparisonPage | None = None
    stopwatch: Stopwatch = field(default_factory=Stopwatch)

    def read(self, file: Path) -> Photo:
        """Decode the photograph.

        Raises:
            InputError: It cannot be read.
        """
        with self.stopwatch.stage("decode"):
            return open_photo(file, self.output.max_megapixels)

    def correct(self, correct: Correct, photo: Photo, source: str) -> Change:
        """Correct the photograph in place.

        Args:
            correct: Corrects an RGB image, or a uint16 array, in place.
            photo: What `read` returned.
            source: Its path, for messages.

        Raises:
            WorkError: It could not be corrected.
        """
        with _convert_memory_errors(source):
            needs_previews = self.output.compare or self.page is not None
            before = _make_preview(photo) if needs_previews else None
            is_left = bool(correct(photo.image, flash_fired=photo.flash_fired))
            previews = None if before is None else (before, _make_preview(photo))
            return Change(previews, is_left)

    def write(
        self,
        photo: Photo,
        change: Change,
        *,
        source: str,
        target: Path,
        comparison: Path | None,
        is_outdated: bool = False,
    ) -> str:
        """Write the corrected photograph, its before/after picture and its entry on the page.

        Args:
            photo: The corrected photograph.
            change: What `correct` returned.
            source: Its path, for messages and the page.
            target: The file for the result.
            comparison: The file for a before/after picture, or `None`.
            is_outdated: Whether an existing picture shows an earlier result and is replaced.

        Returns:
            A note for the user, usually empty.

        Raises:
            TakenError: An existing file may not be replaced.
            WorkError: It could not be written.
        """
        with _convert_memory_errors(source):
            with self.stopwatch.stage("encode"):
                save_photo(
                    photo,
                    target,
                    self.output.quality,
                    force=self.output.force,
                    keep_time=self.output.keep_time,
                    mark_edited=self.output.mark_edited,
                )
            if change.previews is not None:
                force = self.output.force or is_outdated
                self._write_comparison(change.previews, source, comparison=comparison, force=force)
        notes = []
        if photo.frames > 1:
            notes.append(f"contains {photo.frames} images; corrected only the first")
        if left_out := list_left_out(photo.metadata, format_of(target)):
            notes.append(f"its {' and '.join(left_out)} cannot be corrected; left out")
        return f"{printable(source)}: {'; '.join(notes)}" if notes else ""

    def compare(self, file: Path, result: Path, *, source: str, comparison: Path | None) -> None:
        """Write the before/after picture and the page's entry of an existing result.

        Args:
            file: The photograph.
            result: Its result.
            source: The photograph's path, for messages and the page.
            comparison: The file for a before/after picture, or `None`.

        Raises:
            InputError: One of the two cannot be read.
            TakenError: A file has the before/after picture's name.
            WorkError: It could not be written.
        """
        with _convert_memory_errors(source):
            before, after = (_make_preview(self.read(path)) for path in (file, result))
            self._write_comparison((before, after), source, comparison=comparison, force=False)

    def _write_comparison(
        self,
        previews: tuple[Image.Image, Image.Image],
        source: str,
        *,
        comparison: Path | None,
        force: bool,
    ) -> None:
        if comparison is not None:
            save_side_by_side(*previews, comparison, force=force)
        if self.page is not None:
            self.page.add(source, *previews)


def _make_preview(photo: Photo) -> Image.Image:
    picture = preview(to_8_bits(photo.image))
    # A gray photograph's pixels are RGB here, so its profile does not fit them.
    has_rgb_profile = photo.icc_profile[16:20] == b"RGB "
    picture.info = {"icc_profile": photo.icc_profile} if has_rgb_profile else {}
    return picture


@contextmanager
def _convert_memory_errors(source: str) -> Iterator[None]:
    try:
        yield
    except MemoryError as error:
        raise WorkError("out of memory", file=source) from error
