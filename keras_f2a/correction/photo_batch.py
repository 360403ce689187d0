"""Corrects many photographs, one after the other, and survives bad files among them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.photo_plan import PhotoTask
from keras_f2a.correction.stopwatch import Stopwatch
from keras_f2a.imaging.before_after import preview, save_side_by_side
from keras_f2a.imaging.before_after_page import ComparisonPage
from keras_f2a.imaging.photo import DEFAULT_MAX_MEGAPIXELS, Photo, open_photo
from keras_f2a.imaging.photo_output import check_target, save_photo
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.support.progress import ProgressBar


@dataclass
class Outcome:
    """What became of many photographs.

    Attributes:
        corrected: The files that were written.
        failures: One line for each photograph that was skipped; it names the file and the reason.
        seconds: Stage name to seconds spent in it. Decoding runs beside the other stages.
    """

    corrected: list[Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def correct_photos(
    load_corrector: Callable[[], Corrector],
    tasks: Sequence[PhotoTask],
    *,
    force: bool = False,
    quality: int | None = None,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    compare: bool = False,
    page: str | Path | None = None,
) -> Outcome:
    """Corrects photographs one by one, decoding the next while one computes.

    A photograph that cannot be read or written is reported in one line on standard error and
    skipped. A progress bar is shown on a terminal.

    Args:
        load_corrector: Returns the corrector; called once, while the first photograph is decoded.
        tasks: What `keras_f2a.correction.photo_plan.plan_photos` returned.
        force: Replace files that exist.
        quality: JPEG or WebP quality; see `keras_f2a.imaging.photo_output.save_photo`.
        max_megapixels: Larger photographs are refused.
        compare: Write a labelled before/after picture beside each result.
        page: HTML file to write, with a draggable divider on each photograph.

    Returns:
        What was written, what was skipped and how long it took.

    Raises:
        InputError: The corrector cannot be loaded, or the page exists and `force` is not set.
    """
    batch = _Batch(force, quality, max_megapixels, compare)
    outcome = Outcome()
    with ExitStack() as stack:
        reader = ThreadPoolExecutor(1, "decode")
        stack.callback(reader.shutdown, cancel_futures=True)
        photos = _read_ahead(reader, batch.read, tasks)
        corrector = load_corrector()
        if page is not None:
            batch.page = stack.enter_context(_new_page(Path(page), force))
        progress = stack.enter_context(ProgressBar(len(tasks)))
        for task, photo in photos:
            try:
                note = batch.correct(corrector, task, photo.result())
                outcome.corrected.append(task.target)
            except (InputError, WorkError) as error:
                note = f"skipped {error}"
                outcome.failures.append(str(error))
            progress.advance(note)
    outcome.seconds = corrector.stopwatch.seconds | batch.stopwatch.seconds
    return outcome


@dataclass
class _Batch:
    force: bool
    quality: int | None
    max_megapixels: float
    compare: bool
    page: ComparisonPage | None = None
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    _sources: dict[Path, Path] = field(default_factory=dict)

    def read(self, task: PhotoTask) -> Photo:
        earlier = self._sources.setdefault(task.target, task.source)
        if earlier != task.source:
            raise InputError(
                f"{task.source}: {task.target} is the result of {earlier}; correct one of them "
                "into another folder"
            )
        check_target(task.target, self.force)
        if self.compare:
            check_target(task.comparison, self.force)
        with self.stopwatch.stage("decode"):
            return open_photo(task.source, self.max_megapixels)

    def correct(self, corrector: Corrector, task: PhotoTask, photo: Photo) -> str:
        """Corrects and writes one photograph; returns what the user should know about it."""
        shown = self.compare or self.page is not None
        before = preview(photo.image) if shown else None
        corrector.correct_image(photo.image)
        after = preview(photo.image) if shown else None
        with self.stopwatch.stage("encode"):
            save_photo(photo, task.target, self.quality)
        try:
            if self.compare:
                save_side_by_side(before, after, task.comparison)
            if self.page is not None:
                self.page.add(str(task.source), before, after)
        except OSError as error:
            raise WorkError(f"{task.target}: no comparison was written ({error})") from error
        if photo.frames > 1:
            return f"{task.source}: holds {photo.frames} images; corrected the first one"
        return ""


def _read_ahead(
    reader: ThreadPoolExecutor, read: Callable[[PhotoTask], Photo], tasks: Sequence[PhotoTask]
) -> Iterator[tuple[PhotoTask, "Future[Photo]"]]:
    """Starts to decode the first photograph and returns an iterator that decodes the next ones.

    It yields each task with its photograph, decoded or failed, while the next is being decoded:
    two photographs are in memory at a time.
    """
    first = [reader.submit(read, task) for task in tasks[:1]]

    def photos() -> Iterator[tuple[PhotoTask, Future[Photo]]]:
        ahead = first
        for index, task in enumerate(tasks):
            current = ahead.pop()
            current.exception()  # Waits for it, and leaves raising to the one who takes it.
            ahead = [reader.submit(read, following) for following in tasks[index + 1 : index + 2]]
            yield task, current

    return photos()


def _new_page(path: Path, force: bool) -> ComparisonPage:
    if path.exists() and not force:
        raise InputError(f"{path}: exists already; --force replaces it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return ComparisonPage(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
