"""Looks at a `.keras` file before Keras reads it: a small file can ask for any memory and time."""

import re
import zipfile
from pathlib import Path

from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.printable import printable

# Our largest configuration is 120 KB and 12 levels deep.
LARGEST_CONFIGURATION = 8_000_000
DEEPEST_CONFIGURATION = 100
# Keras writes archives without compression.
LARGEST_EXPANSION = 20
_UNSUSPICIOUS = 16_000_000
_CONFIGURATIONS = ("config.json", "metadata.json")
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def check_archive(path: Path) -> None:
    """Checks that a file is a `.keras` archive that is as small and plain inside as outside.

    Raises:
        InputError: It is no such archive, or holds far more than its size says, or its
            configuration is larger or deeper nested than any network's.
    """
    shown = printable(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(path, archive)
            for name in _CONFIGURATIONS:
                if _depth(archive.read(name).decode()) > DEEPEST_CONFIGURATION:
                    raise InputError(
                        f"{shown}: {name} is nested more than {DEEPEST_CONFIGURATION} levels deep; "
                        "no model that this program can load"
                    )
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, EOFError, RuntimeError) as error:
        # RuntimeError: an encrypted archive.
        raise InputError(f"{shown}: not a model that Keras can load ({one_line(error)})") from error
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({one_line(error)})") from error


def _check_sizes(path: Path, archive: zipfile.ZipFile) -> None:
    shown = printable(path)
    for name in _CONFIGURATIONS:
        if archive.getinfo(name).file_size > LARGEST_CONFIGURATION:
            raise InputError(
                f"{shown}: {name} holds more than {LARGEST_CONFIGURATION / 1e6:g} MB; no model "
                "that this program can load"
            )
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > max(LARGEST_EXPANSION * path.stat().st_size, _UNSUSPICIOUS):
        raise InputError(
            f"{shown}: would unpack to {unpacked / 1e6:,.0f} MB, more than {LARGEST_EXPANSION} "
            "times its size; no model that this program can load"
        )


def _depth(text: str) -> int:
    """How deep the brackets of a JSON text are nested, found without recursion."""
    depth = deepest = 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in "]}":
            depth -= 1
    return deepest
