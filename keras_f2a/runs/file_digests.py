"""Digests of a run's files, which reveal a changed file before it is used."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keras_f2a.support.atomic_file import atomic_path, write_text
from keras_f2a.support.errors import InputError

NAME = "SHA256SUMS"


class FileDigests:
    """The SHA-256 digests of files in a folder, stored there in the format of `sha256sum --check`.

    Args:
        folder: The folder that contains all files, directly or in subfolders.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.path = folder / NAME

    @contextmanager
    def replacing(self, path: Path) -> Iterator[Path]:
        """Yield a temporary path to write to, which replaces `path` when the block succeeds.

        The new digest is recorded next to the old one before the file is replaced. So the process
        may be killed at any moment, because both the old and the new file match a digest.
        """
        with atomic_path(path) as temporary:
            yield temporary
            recorded, new = self._read(), _sha256(temporary)
            name = self._name(path)
            self._write({**recorded, name: [*recorded.get(name, [])[-1:], new]})
        self._write({**recorded, name: [new]})

    def has_digest(self, path: Path) -> bool:
        """Return whether a file has ever been written here."""
        return self._name(path) in self._read()

    def is_changed(self, path: Path) -> bool:
        """Return whether a file exists but differs from what was written."""
        return path.is_file() and _sha256(path) not in self._read().get(self._name(path), [])

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _read(self) -> dict[str, list[str]]:
        """Return the digests of each file, by name. There are two while a file is replaced."""
        if not self.path.is_file():
            return {}
        digests: dict[str, list[str]] = {}
        try:
            for line in self.path.read_text(encoding="utf-8").splitlines():
                digest, name = line.split("  ", maxsplit=1)
                digests.setdefault(name, []).append(digest)
        except (OSError, ValueError) as error:
            raise InputError(
                f"{self.path}: damaged; restore an intact copy, or choose another `run_dir`"
            ) from error
        return digests

    def _write(self, digests: dict[str, list[str]]) -> None:
        lines = []
        for name, file_digests in digests.items():
            lines += [f"{digest}  {name}\n" for digest in file_digests]
        write_text(self.path, "".join(lines))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
