"""Reads Sweet Home 3D's furniture libraries (`.sh3f`), which are zip files of OBJ models."""

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

CATALOG = "PluginFurnitureCatalog.properties"
LICENSES = {
    "BlendSwap-CC-0": "CC0 1.0",
    "BlendSwap-CC-BY": "CC BY 3.0",
    "KatorLegaz": "CC BY 3.0 US",
    "Scopia": "CC BY 3.0",
}
"""License of each library in Debian's package `sweethome3d-furniture`."""
AUTHORS = {
    "KatorLegaz": "Andrew Kator & Jennifer Legaz",
    "Scopia": "Scopia Visual Interfaces Systems",
}
"""Author of a whole library. The other catalogs name the author of every model."""


@dataclass(frozen=True)
class Entry:
    """One model of a catalog.

    Attributes:
        key: Library and name, such as "Scopia/tv".
        title: Title in the catalog.
        creator: Name of its author.
        license: Short name of its license.
        size: Width, depth and height in meters, shape (3,). OBJ units vary between models.
        rotation: Rotates the OBJ file's axes to x right, y up, z toward the viewer, shape (3, 3).
        path: Path of its OBJ file within the library.
        shines: Whether the catalog describes it as a light source.
    """

    key: str
    title: str
    creator: str
    license: str
    size: np.ndarray = field(repr=False)
    rotation: np.ndarray = field(repr=False)
    path: str
    shines: bool


class Library:
    """Furniture library in an `.sh3f` file."""

    def __init__(self, path: Path):
        """Open a library and read its catalog.

        Args:
            path: The `.sh3f` file. Its name without the suffix must be in LICENSES.

        Raises:
            ValueError: If the library is unknown or has no catalog.
        """
        self.name = path.stem
        if self.name not in LICENSES:
            raise ValueError(f"{path}: unknown library; choose one of {', '.join(LICENSES)}")
        self._archive = zipfile.ZipFile(path)
        self._names = {name.lower(): name for name in self._archive.namelist()}
        if CATALOG.lower() not in self._names:
            raise ValueError(f"{path}: has no {CATALOG}")
        text = self.read(CATALOG).decode("latin1")
        self.entries = {entry.key: entry for entry in map(self._entry, _properties(text))}

    def read(self, name: str) -> bytes:
        """Return the content of a file. The case of its name does not matter."""
        return self._archive.read(self._names[name.lower()])

    def find(self, folder: str, name: str) -> str | None:
        """Return the path of a file that a model in `folder` refers to; None if it is missing."""
        name = name.replace("\\", "/").strip()
        for candidate in (posixpath.join(folder, name), f"{folder}/{posixpath.basename(name)}"):
            if candidate.lower() in self._names:
                return self._names[candidate.lower()]
        return None

    def _entry(self, values: dict[str, str]) -> Entry:
        name = values["id"].rsplit("#", 1)[-1]
        numbers = values.get("modelRotation", "1 0 0 0 1 0 0 0 1").split()
        size = [float(values[side]) / 100 for side in ("width", "depth", "height")]
        return Entry(
            key=f"{self.name}/{name}",
            title=values.get("name", name),
            creator=AUTHORS.get(self.name) or values.get("creator", "Blend Swap contributor"),
            license=LICENSES[self.name],
            size=np.array(size),
            rotation=np.array(numbers, float).reshape(3, 3),
            path=values["model"].lstrip("/"),
            shines="lightSourceX" in values,
        )


def _properties(text: str) -> list[dict[str, str]]:
    """Parse the numbered groups of a Java properties file, in order."""
    groups: dict[int, dict[str, str]] = {}
    for line in text.splitlines():
        if match := re.match(r"(\w+)#(\d+)\s*=\s*(.*)", line):
            groups.setdefault(int(match[2]), {})[match[1]] = _unescaped(match[3].strip())
    return [groups[number] for number in sorted(groups)]


def _unescaped(text: str) -> str:
    """Decode Java's escapes for characters beyond Latin-1, such as backslash u00e9."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
