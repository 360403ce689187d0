"""Reads the parts of a `.keras` file: a small file can ask for any memory and time."""

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
LARGEST_CONFIGURATION = 2_000_000
DEEPEST_CONFIGURATION = 100
# Weights, which are as good as random, shrink by a tenth.
_LARGEST_EXPANSION = 4
_UNSUSPICIOUS = 16_000_000
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class RefusedError(ValueError):
    """A file's content is none that this program loads; the message says what, without the file."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[object, IO[bytes]]]:
    """Open a `.keras` archive that is as small and plain inside as outside.

    Args:
        path: The file.

    Yields:
        The model's configuration as JSON has it, and the open HDF5 file of its weights, which lies
        in memory (`io.BytesIO`) if the archive compresses it.

    Raises:
        InputError: It is no such archive, or it has a part that Keras does not write, or its
            configuration is larger or deeper nested than any network's, or the block that uses it
            refused its content.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive)
            _parsed(archive, METADATA)
            configuration = _parsed(archive, CONFIGURATION)
            compressed = archive.getinfo(WEIGHTS).compress_type != zipfile.ZIP_STORED
            # Each step back in a compressed part would read it from its start.
            packed = io.BytesIO(archive.read(WEIGHTS)) if compressed else archive.open(WEIGHTS)
            with packed as weights:
                yield configuration, weights
    except RefusedError as refused:
        raise InputError(f"{refused}; this program cannot load it", file=path) from refused
    except (zipfile.BadZipFile, KeyError, EOFError, RuntimeError, ValueError) as error:
        # RuntimeError: an encrypted archive. NotImplementedError, a kind of it: an odd compression.
        raise InputError(
            f"not a model that Keras can load ({one_line(error)})", file=path
        ) from error
    except OSError as error:
        raise InputError(f"cannot be read ({one_line(error)})", file=path) from error


@contextmanager
def weights_file(path: Path, part: str) -> Iterator[Path]:
    """Write the weights of a part of a model to a file that Keras reads, if there is none yet.

    Args:
        path: A `.keras` archive that `opened` opens.
        part: The group of its weights that is wanted; empty for all.

    Yields:
        The archive itself, or a file of HDF5 that is there as long as the block runs.

    Raises:
        InputError: As `opened` does.
    """
    import h5py  # Here, because who asks what kind of network a file holds needs no weights.

    with opened(path) as (_, weights):
        compressed = isinstance(weights, io.BytesIO)
        if not part and not compressed:
            yield path
            return
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder, "part.weights.h5")
            with h5py.File(weights, "r") as whole, h5py.File(target, "w") as copy:
                group = whole[part] if part else whole
                for name in group:
                    whole.copy(group[name], copy, name)
            yield target


def _check_members(archive: zipfile.ZipFile) -> None:
    members = {member.filename: member for member in archive.infolist()}
    if len(members) < len(archive.infolist()):
        raise RefusedError("holds two parts of one name")
    for name in (CONFIGURATION, METADATA, WEIGHTS):
        if name not in members:
            raise KeyError(f"{name} is missing")
    for name, member in members.items():
        if name not in (CONFIGURATION, METADATA, WEIGHTS):
            raise RefusedError(f"holds {printable(name)[:100]}")
        if name == WEIGHTS:
            if member.file_size > max(_LARGEST_EXPANSION * member.compress_size, _UNSUSPICIOUS):
                raise RefusedError(
                    f"its weights would unpack to {member.file_size / 1e6:,.0f} MB, more than "
                    f"{_LARGEST_EXPANSION} times their size"
                )
        elif member.file_size > LARGEST_CONFIGURATION:
            raise RefusedError(f"{name} holds more than {LARGEST_CONFIGURATION / 1e6:g} MB")


def _parsed(archive: zipfile.ZipFile, name: str) -> object:
    text = archive.read(name).decode()
    if _depth(text) > DEEPEST_CONFIGURATION:
        raise RefusedError(f"{name} is nested more than {DEEPEST_CONFIGURATION} levels deep")
    return json.loads(text)


def _depth(text: str) -> int:
    """Return how deep the brackets of a JSON text are nested, found without recursion."""
    depth = deepest = 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in "]}":
            depth -= 1
    return deepest
