"""Folders of photographs in object stores and other file systems that fsspec supports."""

import errno
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import fsspec
from fsspec.asyn import AsyncFileSystem
from fsspec.spec import AbstractFileSystem

from keras_f2a.correction.folders import DiskFolder, Failure, Folder
from keras_f2a.distributed.locations import LOCAL_PROTOCOLS, canonical_location, is_remote
from keras_f2a.support.errors import InputError, TakenError, WorkError, one_line
from keras_f2a.support.printable import printable

ATOMIC_PROTOCOLS = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl"})
"""Protocols of stores with atomic uploads, where a file appears only once it is complete.

They can also refuse an upload if its name is taken.
"""
_TEMPORARY_PREFIX = ".keras_f2a-"
_LISTING_THREADS = 16


def open_folder(location: str) -> Folder:
    """Open a folder, which does not have to exist.

    Raises:
        InputError: The kind of store is not supported, or a package for it is missing.
    """
    return StoreFolder(location) if is_remote(location) else DiskFolder(location)


def ignores_case(location: str) -> bool:
    """Return whether names in a folder are case-insensitive.

    Only local disks are checked. Other stores are assumed to be case-sensitive.
    """
    canonical = canonical_location(location)
    return not is_remote(canonical) and DiskFolder(canonical).ignores_case()


class StoreFolder:
    """A folder in a store that fsspec supports: S3, Google Cloud Storage, Azure, SFTP, etc."""

    def __init__(self, location: str):
        self.location = location.rstrip("/")
        protocol, _, path = location.partition("://")
        if len(protocol.rpartition("::")[2]) < 2:  # fsspec would treat it as a path.
            raise InputError(
                "does not name a kind of store; write s3://BUCKET/FOLDER or a path", file=location
            )
        if not path.strip("/") or (protocol in LOCAL_PROTOCOLS and not path.startswith("/")):
            example = (
                "file:///FOLDER" if protocol in LOCAL_PROTOCOLS else f"{protocol}://BUCKET/FOLDER"
            )
            raise InputError(f"names no folder; write {example}", file=location)
        try:
            self._store, root = fsspec.core.url_to_fs(self.location, use_listings_cache=False)
        except ImportError as error:
            raise InputError(f"needs a package ({one_line(error)})", file=location) from error
        except Exception as error:  # Each kind of store has its own exceptions.
            raise InputError(f"cannot be opened ({one_line(error)})", file=location) from error
        self._root = root.rstrip("/")
        self._has_atomic_uploads = protocol in ATOMIC_PROTOCOLS

    def list_files(self) -> tuple[list[str], list[Failure]]:
        """See `Folder.list_files`. The folders of the first level are listed in parallel."""
        try:
            first = self._store.ls(self._root, detail=True)
            paths, folders = _split(first)
            if self._root in [folder.rstrip("/") for folder in folders]:
                # A key with `//` creates a folder with an empty name, which would list everything
                # again.
                paths, folders = [], [self._root]
            failures: list[Failure] = []
            with ThreadPoolExecutor(_LISTING_THREADS) as pool:
                for found, failed in pool.map(self._find, folders):
                    paths += found
                    failures += failed
        except FileNotFoundError:
            return [], []
        except Exception as error:  # Each kind of store has its own exceptions.
            raise InputError(
                f"cannot be searched ({one_line(error)})", file=self.location
            ) from error
        start = len(self._root) + 1
        names = [path[start:] for path in paths if len(path) > start and path[-1] != "/"]
        return names, failures

    def _find(self, folder: str) -> tuple[list[str], list[Failure]]:
        """Return the paths of all files below a folder, and the folders that cannot be searched."""
        store = self._store
        if isinstance(store, AsyncFileSystem) or type(store).find is not AbstractFileSystem.find:
            return store.find(folder), []  # Object stores list all folders at once.
        # The other stores' `find` would leave out a folder that cannot be searched.
        paths, failures, pending = [], [], [folder]
        while pending:
            folder = pending.pop()
            try:
                files, folders = _split(store.ls(folder, detail=True))
            except FileNotFoundError:  # It was removed in the meantime.
                continue
            except OSError as error:
                path = self.display_path(folder[len(self._root) + 1 :])
                failures.append((path, f"cannot be searched ({one_line(error)})"))
                continue
            paths += files
            pending += [inner for inner in folders if inner.rstrip("/") != folder.rstrip("/")]
        return paths, failures

    def display_path(self, name: str) -> str:
        """See `Folder.display_path`."""
        return f"{self.location}/{name}"

    def exists(self, name: str) -> bool:
        """See `Folder.exists`."""
        return self._store.isfile(self._path(name))

    def ignores_case(self) -> bool:
        """See `Folder.ignores_case`."""
        return ignores_case(self.location)

    def is_photograph(self, name: str, source: str) -> bool:
        """See `Folder.is_photograph`. Always false, because results are outside the sources."""
        return False

    def has_result(self, name: str, source: str) -> bool:
        """See `Folder.has_result`. A file of this name is a result, because files are complete."""
        return self.exists(name)

    def check_target(self, name: str, force: bool) -> None:
        """See `Folder.check_target`."""
        if not force and self.exists(name):
            raise self._taken(name)

    def fetch(self, name: str, scratch: Path) -> Path:
        """See `Folder.fetch`.

        Raises:
            WorkError: The file could not be read.
        """
        copy = scratch / f"{uuid.uuid4().hex}{Path(name).suffix}"
        try:
            self._store.get_file(self._path(name), str(copy))
        except Exception as error:
            raise WorkError(
                f"could not be read ({one_line(error)})", file=self.display_path(name)
            ) from error
        return copy

    @contextmanager
    def stage(self, name: str, scratch: Path, *, force: bool) -> Iterator[Path]:
        """See `Folder.stage`.

        Raises:
            TakenError: The name was taken in the meantime and `force` is not set.
            WorkError: The file could not be written.
        """
        copy = scratch / f"{uuid.uuid4().hex}{Path(name).suffix}"
        try:
            yield copy
            try:
                self._upload(copy, name, force)
            except TakenError:
                raise
            except Exception as error:  # Each kind of store has its own exceptions.
                if not force and self.exists(name):  # Not every store says why it refuses.
                    raise self._taken(name) from error
                target = printable(self.display_path(name))
                raise WorkError(f"{target}: could not be written ({one_line(error)})") from error
        finally:
            copy.unlink(missing_ok=True)

    def _upload(self, copy: Path, name: str, force: bool) -> None:
        path = self._path(name)
        if self._has_atomic_uploads:
            self._upload_at_once(copy, name, force)
            return
        folder = path.rpartition("/")[0]
        self._store.makedirs(folder, exist_ok=True)
        temporary = f"{folder}/{_TEMPORARY_PREFIX}{uuid.uuid4().hex}"
        try:
            self._store.put_file(str(copy), temporary)
            self.check_target(name, force)
            self._rename(temporary, path)
        finally:
            if self._store.exists(temporary):
                self._store.rm_file(temporary)

    def _rename(self, path: str, target: str) -> None:
        if type(self._store).mv is not AbstractFileSystem.mv:
            self._store.mv(path, target)
            return
        self._store.cp_file(path, target)  # The default `mv` takes `[` in a path for a pattern.
        self._store.rm_file(path)

    def _upload_at_once(self, copy: Path, name: str, force: bool) -> None:
        if not force:
            try:
                self._store.put_file(str(copy), self._path(name), mode="create")
                return
            except OSError as error:
                if error.errno != errno.ENOSYS:
                    raise
            # Some stores with the interface of S3 have no conditional uploads.
            self.check_target(name, force)
        self._store.put_file(str(copy), self._path(name))

    def _taken(self, name: str) -> TakenError:
        return TakenError("already exists; `force` replaces it", file=self.display_path(name))

    def remove(self, name: str) -> None:
        """Delete a file if the store allows it."""
        with suppress(Exception):  # Each kind of store has its own exceptions.
            self._store.rm_file(self._path(name))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"


def _split(entries: list[dict]) -> tuple[list[str], list[str]]:
    """Return the paths of the files, and those of the folders. A link counts as a file."""
    folders = [entry["name"] for entry in entries if entry["type"] == "directory"]
    return [entry["name"] for entry in entries if entry["type"] != "directory"], folders
