"""Local copies of files in folders, and messages that name the originals instead of the copies."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from keras_f2a.support.atomic_file import write_failure
from keras_f2a.support.printable import printable

if TYPE_CHECKING:
    from keras_f2a.correction.folders import Folder


class LocalCopies:
    """Local copies of files from folders that may be in a store. Use it in a `with` statement.

    A file on this machine's disk needs no copy and is used directly.
    """

    def __init__(self) -> None:
        self._original_paths: dict[str, str] = {}  # By the copy's path, both as printed.

    def __enter__(self) -> LocalCopies:
        try:
            self._temporary = tempfile.TemporaryDirectory(prefix="keras_f2a-")
        except OSError as error:
            raise write_failure("the folder for temporary files", error) from error
        self._scratch = Path(self._temporary.name)
        return self

    def __exit__(self, *_: object) -> None:
        self._temporary.cleanup()

    @contextmanager
    def fetch(self, folder: Folder, name: str) -> Iterator[Path]:
        """Yield a local file with the content of a file in a folder."""
        path = folder.fetch(name, self._scratch)
        self._remember(path, folder.display_path(name))
        try:
            yield path
        finally:
            if path.parent == self._scratch:
                path.unlink(missing_ok=True)

    def stage(self, stack: ExitStack, folder: Folder, name: str, *, force: bool) -> Path:
        """Return a local path to write a file to, which is in the folder when the stack closes."""
        path = stack.enter_context(folder.stage(name, self._scratch, force=force))
        self._remember(path, folder.display_path(name))
        return path

    def name_originals(self, message: str) -> str:
        """Return a message with the original paths instead of those of the copies."""
        for copy, original in list(self._original_paths.items()):
            message = message.replace(copy, original)
        return message

    def _remember(self, path: Path, original: str) -> None:
        if path.parent == self._scratch:
            self._original_paths[printable(path)] = printable(original)
