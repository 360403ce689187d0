"""Downloads models from a hub by their address: `hf://user/repository@revision/file`."""

import functools
import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from keras_f2a.model_files.card import card_file
from keras_f2a.model_files.tflite_names import PLAIN_SUFFIXES, other_orientation
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.packages import install_hint
from keras_f2a.support.printable import printable
from keras_f2a.support.version import VERSION

PREFERRED_FILE = "generator.keras"
"""The file that is chosen from several `.keras` files. Training writes a file of this name."""
_PREFIX = re.compile(r"hf:/{1,2}(?!/)")  # A `Path` keeps only one of the two slashes.
_REPOSITORY = r"[\w.-]+/[\w.-]+"
_ADDRESS = re.compile(
    rf"hf:/{{1,2}}(?P<repository>{_REPOSITORY})"
    r"(?:@(?P<revision>refs/(?:pr|convert)/[^/@]+|[^/@]+))?(?:/(?P<file>[^@]+))?"
)
_MAX_SIZE = 4e9  # bytes; the paper's generator has 0.2e9


def is_hub_address(model: object) -> bool:
    """Return whether a model is given as an address on a hub."""
    return isinstance(model, str | os.PathLike) and bool(_PREFIX.match(str(model)))


def is_repository(name: str) -> bool:
    """Return whether a text names a repository as `user/name`."""
    return re.fullmatch(_REPOSITORY, name) is not None


@functools.lru_cache(maxsize=64)
def hub_file(address: str, suffixes: Sequence[str]) -> Path:
    """Download a model unless it is cached, and return its file.

    For a `.tflite` or `.onnx` file, the card and the file for the other orientation are downloaded
    too. Within a process, an address always means what it meant at first. Without a connection, the
    last download is used.

    Args:
        address: `hf://user/repository`, with `@revision` and `/file` if needed.
        suffixes: The suffixes that the file may have, the preferred one first.

    Returns:
        The file in the hub's own cache, with its card next to it.

    Raises:
        InputError: The address is not valid, there is no such model or more than one, the model is
            too large, or the package that accesses hubs is missing.
        WorkError: The hub cannot be reached, or the download failed.
    """
    name = printable(address)
    parts = _ADDRESS.fullmatch(address)
    if parts is None or not _is_safe_path(parts["file"] or ""):
        raise InputError(
            f"{name}: is not a model address; write hf://user/repository, followed by "
            "@revision and /file if you need them"
        )
    with _translate_errors(name):
        repository = _fetch_repository(parts["repository"], parts["revision"] or "main")
        file = parts["file"] or _choose_file(name, repository.sizes, suffixes)
        if file not in repository.sizes:
            raise InputError(
                f"{name}: there is no such file; {_describe_models(repository.sizes, suffixes)}"
            )
        files = [file, *_companions(file, repository.sizes)]
        size = sum(repository.sizes[name] for name in files)
        if size > _MAX_SIZE:
            raise InputError(f"{name}: has {size / 1e9:.1f} GB, too much for a generator")
        paths = [repository.download(name) for name in files]
        return paths[0]


@dataclass(frozen=True)
class _Repository:
    """The contents of a repository at one revision.

    Attributes:
        name: User and repository.
        revision: The revision. It is requested by name, so that the cache records what it means.
        sizes: Maps each file to its size in bytes.
        reachable: Whether the hub can be reached.
    """

    name: str
    revision: str
    sizes: dict[str, int]
    reachable: bool = True

    def download(self, file: str) -> Path:
        """Return a file in the cache, after downloading it if it is not there."""
        from huggingface_hub import hf_hub_download

        path = hf_hub_download(
            self.name,
            file,
            revision=self.revision,
            library_name="keras_f2a",
            library_version=VERSION,
            local_files_only=not self.reachable,
        )
        return Path(path)


def _fetch_repository(name: str, revision: str) -> _Repository:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        info = HfApi().model_info(name, revision=revision, files_metadata=True)
    except HFValidationError:
        raise
    except Exception as error:  # A server that cannot be reached raises almost any kind.
        if isinstance(error, HfHubHTTPError) and error.response.status_code < 500:
            raise
        cached = _find_cached(name, revision)
        if cached is None:
            raise
        return cached
    entries = [entry for entry in info.siblings or () if _is_safe_path(entry.rfilename)]
    return _Repository(name, revision, {entry.rfilename: entry.size or 0 for entry in entries})


def _find_cached(name: str, revision: str) -> _Repository | None:
    """Return the cached files of a repository at a revision, or `None` if there are none."""
    from huggingface_hub import constants, scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        repositories = scan_cache_dir(constants.HF_HUB_CACHE).repos
    except CacheNotFound:
        return None
    for repository in repositories:
        if (repository.repo_type, repository.repo_id) != ("model", name):
            continue
        for snapshot in repository.revisions:
            if revision in snapshot.refs or snapshot.commit_hash == revision:
                sizes = {
                    file.file_path.relative_to(snapshot.snapshot_path).as_posix(): file.size_on_disk
                    for file in snapshot.files
                }
                return _Repository(name, revision, sizes, reachable=False)
    return None


def _is_safe_path(name: str) -> bool:
    """Return whether a file's name stays inside the repository's folder."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name


def _choose_file(address: str, files: Collection[str], suffixes: Sequence[str]) -> str:
    """Return the model among a repository's files, or raise an `InputError` if it is not unique."""
    for suffix in suffixes:
        matches = sorted(file for file in files if file.endswith(suffix))
        if PREFERRED_FILE in matches:
            return PREFERRED_FILE
        is_pair = len(matches) == 2 and other_orientation(matches[0]) == matches[1]
        if len(matches) == 1 or is_pair:
            return matches[-1]  # The last name is landscape, 320x240 after 240x320.
        if matches:
            break
    raise InputError(f"{address}: {_describe_models(files, suffixes)}")


def _companions(file: str, files: Collection[str]) -> list[str]:
    """Return the cards and the other orientation of a file that runs without Keras."""
    if not file.endswith(PLAIN_SUFFIXES):
        return []
    folder = PurePosixPath(file).parent
    sibling = other_orientation(PurePosixPath(file).name)
    models = [file] if sibling is None else [file, (folder / sibling).as_posix()]
    cards = [card_file(PurePosixPath(model)).as_posix() for model in models]
    return [name for name in (*models[1:], *cards) if name in files]


def _describe_models(files: Collection[str], suffixes: Sequence[str]) -> str:
    models = sorted(file for file in files if file.endswith(tuple(suffixes)))
    if not models:
        return f"it contains no {' or '.join(suffixes)} file"
    listing = ", ".join(map(printable, models[:10])) + (", …" if len(models) > 10 else "")
    return f"it contains {listing}; name one: hf://user/repository/{printable(models[0])}"


@contextmanager
def _translate_errors(address: str) -> Iterator[None]:
    """Turn the exceptions of the hub's package into one-line errors."""
    try:
        from huggingface_hub.errors import (
            GatedRepoError,
            HfHubHTTPError,
            HFValidationError,
            RepositoryNotFoundError,
            RevisionNotFoundError,
        )
    except ModuleNotFoundError as error:
        raise InputError(f"{address}: {install_hint('huggingface_hub')}") from error
    try:
        yield
    except (InputError, WorkError):
        raise
    except RevisionNotFoundError as error:
        raise InputError(f"{address}: there is no such revision") from error
    except (GatedRepoError, RepositoryNotFoundError) as error:
        raise InputError(
            f"{address}: there is no such model, or it needs a login; check the name, or log in "
            "with `hf auth login`"
        ) from error
    except HFValidationError as error:
        raise InputError(f"{address}: is not a model address ({one_line(error)})") from error
    except HfHubHTTPError as error:
        raise WorkError(f"{address}: the hub did not answer ({one_line(error)})") from error
    except Exception as error:  # Network and disk errors of many kinds.
        raise WorkError(f"{address}: could not be downloaded ({one_line(error)})") from error
