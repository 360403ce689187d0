"""Judges how a command ended and what files it left."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from keras_f2a.support.printable import printable
from tests.faults.processes import Ended

TRACEBACK = "tracebacks"
HANG = "hangs"
HALF = "half-written files"
DIFFERENCE = "silent differences"
KINDS = (TRACEBACK, HANG, HALF, DIFFERENCE)
"""Kinds of faults. A crash, or any error that is not one plain line, counts as a traceback."""


@dataclass(frozen=True)
class Fault:
    """A fault of one of the `KINDS`."""

    kind: str
    text: str


def faults_of_ending(ended: Ended, codes: tuple[int, ...] = (0, 1, 2)) -> list[Fault]:
    """Return what is wrong with a command's ending: a hang, its exit code, or its error lines."""
    if ended.code is None:
        return [Fault(HANG, "did not end in time")]
    # LiteRT prints to standard error which of its delegates it uses.
    lines = [line for line in ended.errors.splitlines() if not line.startswith("INFO: ")]
    shown = f"exit code {ended.code}: {printable(ended.errors[-600:])!r}"
    if ended.code not in codes or "Traceback" in ended.errors:
        return [Fault(TRACEBACK, shown)]
    if any(line != printable(line) for line in ended.errors.split("\n")):
        return [Fault(TRACEBACK, f"steers the terminal, {shown}")]
    skipped = sum(line.startswith("skipped ") for line in lines)
    counted = re.search(r", skipped (\d+)", ended.output)
    if counted:
        right = skipped == int(counted[1]) and ended.code == 1
    elif ended.code == 0:
        right = skipped == 0
    else:
        right = sum(": error: " in line for line in lines) == 1 and len(lines) == 1 + skipped
    return [] if right else [Fault(TRACEBACK, f"not one line per failure, {shown}")]


def faults_of_files(folder: Path, allowed: Mapping[str, set[bytes | None]]) -> list[Fault]:
    """Return faults of a folder: it may have only these files, each with one of these contents.

    If `None` is among the contents, the file may be missing.
    """
    faults = []
    found = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    for name in sorted(found.keys() - allowed.keys()):
        faults.append(Fault(HALF, f"{printable(name)} is left"))
    for name, contents in allowed.items():
        content = found[name].read_bytes() if name in found else None
        if content in contents:
            continue
        if content is None:
            faults.append(Fault(DIFFERENCE, f"{printable(name)} is missing"))
        elif is_whole_image(content):
            faults.append(Fault(DIFFERENCE, f"{printable(name)} holds something else"))
        else:
            faults.append(Fault(HALF, f"{printable(name)} is no whole image"))
    return faults


def is_whole_image(content: bytes) -> bool:
    """Return whether bytes decode as an image."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
    except Exception:  # Decoders raise almost anything.
        return False
    return True
