"""Corrects photographs as they arrive in a folder, for photo libraries."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import watchfiles

from keras_f2a.correction.flash_share import NO_FLASH_NOTE
from keras_f2a.correction.folders import DiskFolder
from keras_f2a.correction.photo_plan import NoPhotographError, plan_photos
from keras_f2a.correction.photo_task import ResultOwners
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.services.correction_process import NO_SPACE, NOT_WRITTEN
from keras_f2a.services.correction_worker import CorrectionResult, CorrectionWorker
from keras_f2a.services.settings import WatchSettings
from keras_f2a.services.settled_files import FileState, SettledFiles
from keras_f2a.support.errors import InputError
from keras_f2a.support.folders import check_not_empty
from keras_f2a.support.input_files import files_below
from keras_f2a.support.printable import printable

_logger = logging.getLogger(__name__)
_CHECK_INTERVAL = 30.0
"""Seconds between checks without a notification.

Network drives do not report what another machine writes, and a full disk may have space again.
"""
_TAKEN = "taken"
_RETRIED_FAILURES = (NO_SPACE, NOT_WRITTEN, _TAKEN)
"""Failures that may go away even if the photograph does not change."""


def watch(
    source: str | os.PathLike,
    target: str | os.PathLike,
    *,
    settings: WatchSettings | None = None,
    correction: CorrectionSettings | None = None,
    output: OutputSettings | None = None,
) -> None:
    """Correct the photographs in a folder, and new ones as they arrive, until SIGTERM or Ctrl-C.

    A photograph is corrected once its file has not changed for a while. No file is replaced. A
    photograph that already has a result is skipped, even if it was corrected before a restart. A
    photograph that cannot be corrected is reported once, and again when its file changes. A result
    that cannot be written is tried again at every check.

    Args:
        source: The folder.
        target: The folder for the results. It may be inside `source`. Then its files do not count
            as photographs.
        settings: How the folder is watched; the defaults if `None`.
        correction: The settings of the correction; the defaults if `None`.
        output: How photographs are read and results written; the defaults if `None`. `force` and
            `resume` have no effect.

    Raises:
        InputError: The folder is missing or disappeared, the results would be among the
            photographs, a setting is out of range, or the model cannot be loaded.
        WorkError: No worker process can be started.
    """
    with suppress(KeyboardInterrupt):
        watcher = FolderWatcher(
            source, target, settings=settings, correction=correction, output=output
        )
        try:
            _logger.info(f"watching {printable(watcher.source)}")
            for _ in watcher.wait_for_changes():
                watcher.correct_settled()
        finally:
            watcher.close()
    _logger.info("stopped; run the same command again to continue")


class FolderWatcher:
    """Corrects the photographs of a folder. It takes the arguments of `watch`.

    Attributes:
        source: The folder.
        target: The folder for the results.
        is_waiting: Whether a photograph is not complete yet, or has no space for its result.
    """

    def __init__(
        self,
        source: str | os.PathLike,
        target: str | os.PathLike,
        *,
        settings: WatchSettings | None = None,
        correction: CorrectionSettings | None = None,
        output: OutputSettings | None = None,
    ):
        check_not_empty(source)
        check_not_empty(target, "output")
        self.source, self.target = Path(source), Path(target)
        self._settings = settings or WatchSettings()
        self._output = replace(output or OutputSettings(), force=False, resume=True)
        files_below(self.source, recursive=False)  # Raises if it cannot be searched.
        _check_folders(self.source, self.target)
        threads = os.cpu_count() or 1
        correction = correction or CorrectionSettings()
        self._worker = CorrectionWorker(correction, threads, self._output.max_megapixels)
        for line in self._worker.log:
            _logger.warning(line)
        self._files = SettledFiles(self._settings.settle)
        self._done: dict[Path, FileState] = {}
        self._reported: dict[Path, tuple[FileState, str]] = {}
        self._owners = ResultOwners(DiskFolder(str(self.target)))
        self.is_waiting = True
        self._disk_full = False

    def wait_for_changes(self) -> Iterator[None]:
        """Yield now, whenever the folder changes, and every half minute.

        While a disk is full, changes do not count, because each try to write a result is one.
        """
        changes: Any = watchfiles.watch(
            self.source,
            watch_filter=None,
            recursive=self._settings.recursive,
            debounce=200,
            rust_timeout=int(min(self._settings.settle, _CHECK_INTERVAL) * 1000),
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        yield
        last = time.monotonic()
        for changed in changes:
            has_news = (changed or self.is_waiting) and not self._disk_full
            if has_news or time.monotonic() - last >= _CHECK_INTERVAL:
                last = time.monotonic()
                yield

    def correct_settled(self) -> None:
        """Correct the complete photographs that were not tried in their current state.

        Raises:
            InputError: The folder disappeared.
        """
        tasks = self._find_tasks()
        settled = self._files.update(tasks)
        self._forget_missing(tasks)
        self.is_waiting = len(settled) < self._files.count
        for file, state in settled.items():
            # Do not look for its result: it may have been moved away, or its drive unmounted.
            if self._done.get(file) == state:
                continue
            result = self._correct(file, tasks[file])
            self._report(file, state, result)
            self._disk_full = result.failure == NO_SPACE
            if self._disk_full:
                self.is_waiting = True
                return
            if result.failure not in _RETRIED_FAILURES:
                self._done[file] = state

    def close(self) -> None:
        """End the worker process after its current photograph."""
        self._worker.close()

    def _find_tasks(self) -> dict[Path, Path]:
        """Return the photographs, each with the file for its result."""
        files_below(self.source, recursive=False)
        try:
            plan = plan_photos(self.source, self.target, self._settings.recursive)
        except NoPhotographError:
            return {}
        return {Path(task.source): self.target / task.target for task in plan.tasks}

    def _forget_missing(self, tasks: dict[Path, Path]) -> None:
        """Forget photographs that are gone. A result that still exists keeps its owner."""
        self._done = {file: state for file, state in self._done.items() if file in tasks}
        self._reported = {file: report for file, report in self._reported.items() if file in tasks}
        self._owners.forget(
            lambda target, source: Path(source) not in tasks and not Path(target).exists()
        )

    def _correct(self, source: Path, target: Path) -> CorrectionResult:
        """Correct a photograph, unless its result would belong to another one."""
        owner = self._owners.owner(str(target), str(source))
        if owner == str(source):
            result = self._worker.correct(
                source,
                target,
                changes={},
                output=self._output,
                seconds=self._settings.seconds,
            )
            if result.target is not None:
                owner = self._owners.owner(str(result.target), str(source))
        if owner == str(source):
            if result.target is not None:
                self._owners.add(str(result.target), owner)
            return result
        return CorrectionResult(
            failure=_TAKEN,
            error=f"its result would have the same name as that of {printable(owner)}; rename one",
        )

    def _report(self, file: Path, state: FileState, result: CorrectionResult) -> None:
        """Log the outcome for a photograph, and a repeated failure only once."""
        name, error = printable(file), result.error
        if result.failure:
            if self._reported.get(file) == (state, error):
                return
            self._reported[file] = state, error
        for line in filter(None, [*result.log, result.note]):
            _logger.warning(line)
        if result.failure == NO_SPACE:
            _logger.warning(f"{error}; waiting for space")
        elif result.failure:
            _logger.warning(f"skipped {error if name in error else f'{name}: {error}'}")
        elif result.is_new:
            note = f"; it {NO_FLASH_NOTE}" if result.is_left else ""
            _logger.info(f"corrected {name}{note}")


def _check_folders(source: Path, target: Path) -> None:
    photographs, results = (Path(os.path.realpath(path)) for path in (source, target))
    if results == photographs or results in photographs.parents:
        raise InputError(
            "would also contain the photographs; name a folder next to or inside the watched one",
            setting="output",
            value=target,
        )
    if results.exists() and not results.is_dir():
        raise InputError("is a file; name a folder for the results", setting="output", value=target)
