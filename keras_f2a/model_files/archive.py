"""Reads the parts of a `.keras` file with limits, because a small file can demand any memory."""

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.printable import printable

CONFIGURATION, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
# Our largest configuration is 120 KB and 12 levels deep.
MAX_CONFIGURATION_SIZE = 2_000_000
MAX_CONFIGURATION_DEPTH = 100
# Weights are almost random, so compression shrinks them by a tenth only.
_MAX_EXPANSION = 4
_ALWAYS_ALLOWED_SIZE = 16_000_000
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class RefusedError(ValueError):
    """The content of a file is refused. The message says why, without naming the file."""


@contextmanager
def open_archive(path: Path) -> Iterator[tuple[object, IO[bytes]]]:
    """Open a `.keras` archive after checking its members and their unpacked sizes.

    Args:
        path: The file.

    Yields:
        The model's parsed JSON configuration, and the open HDF5 file of its weights. The latter is
        in memory (`io.BytesIO`) if the archive compresses it.

    Raises:
        InputError: The file is not such an archive, it has a member that Keras does not write, its
            configuration is larger or more deeply nested than any network's, its weights unpack to
            a suspicious size, or the block raised a `RefusedError`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive)
            _parse_json(archive, METADATA)
            configuration = _parse_json(archive, CONFIGURATION)
            compressed = archive.getinfo(WEIGHTS).compress_type != zipfile.ZIP_STORED
            # Each backward seek in a compressed member would read it again from its start.
            stream = io.BytesIO(archive.read(WEIGHTS)) if compressed else archive.open(WEIGHTS)
            with stream as weights:
                yield configuration, weights
    except RefusedError as refused:
        raise InputError(f"{refused}; this program cannot load it", file=path) from refused
    except (zipfile.BadZipFile, KeyError, EOFError, RuntimeError, ValueError) as error:
        # RuntimeError: encryption. Its subclass NotImplementedError: an unknown compression.
        raise InputError(
            f"not a model that Keras can load ({one_line(error)})", file=path
        ) from error
    except OSError as error:
        raise InputError(f"cannot be read ({one_line(error)})", file=path) from error


@contextmanager
def weights_file(path: Path, part: str) -> Iterator[Path]:
    """Yield a file from which Keras can read the weights of a part of a model.

    Args:
        path: A `.keras` archive that `open_archive` can open.
        part: The group of its weights to extract. Empty for all.

    Yields:
        The archive itself if Keras can use it, or else an HDF5 file that is deleted after the
        block.

    Raises:
        InputError: See `open_archive`.
    """
    import h5py  # Imported here, because identifying the network in a file needs no weights.

    with open_archive(path) as (_, weights):
        compressed = isinstance(weights, io.BytesIO)
        if not part and not compressed:
            yield path
            return
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "part.weights.h5")
            with h5py.File(weights, "r") as source, h5py.File(target, "w") as copy:
                group = source[part] if part else source
                for name in group:
                    source.copy(group[name], copy, name)
            yield target


def _check_members(archive: zipfile.ZipFile) -> None:
    members = {member.filename: member for member in archive.infolist()}
    if len(members) < len(archive.infolist()):
        raise RefusedError("contains two parts of the same name")
    for name in (CONFIGURATION, METADATA, WEIGHTS):
        if name not in members:
            raise KeyError(f"{name} is missing")
    for name, member in members.items():
        if name not in (CONFIGURATION, METADATA, WEIGHTS):
            raise RefusedError(f"contains {printable(name)[:100]}")
        if name == WEIGHTS:
            if member.file_size > max(_MAX_EXPANSION * member.compress_size, _ALWAYS_ALLOWED_SIZE):
                raise RefusedError(
                    f"its weights would unpack to {member.file_size / 1e6:,.0f} MB, more than "
                    f"{_MAX_EXPANSION} times their size"
                )
        elif member.file_size > MAX_CONFIGURATION_SIZE:
            raise RefusedError(f"{name} is larger than {MAX_CONFIGURATION_SIZE / 1e6:g} MB")


def _parse_json(archive: zipfile.ZipFile, name: str) -> object:
    text = archive.read(name).decode()
    if _depth(text) > MAX_CONFIGURATION_DEPTH:
        raise RefusedError(f"{name} is nested more than {MAX_CONFIGURATION_DEPTH} levels deep")
    return json.loads(text)


def _depth(text: str) -> int:
    """Return how deeply the brackets of a JSON text are nested, without recursion."""
    depth = deepest = 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in "]}":
            depth -= 1
    return deepest
