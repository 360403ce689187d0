"""Handles the locations of photographs and results, which are paths or URLs."""

import os
import posixpath
from pathlib import Path

ON_THIS_DISK = ("file", "local")
"""The URL protocols for local paths."""
_FAMILIES = {"s3a": "s3", "gcs": "gs", "abfss": "abfs", "az": "abfs"}


def is_remote(location: str) -> bool:
    """Return whether a location is a URL, such as `s3://bucket/photos`, instead of a path."""
    return "://" in location


def absolute(location: str) -> str:
    """Return an equivalent location that does not depend on the current folder."""
    return location if is_remote(location) or not location else str(Path(location).absolute())


def resolved(location: str) -> str:
    """Return the canonical form of a location, so that equal places have equal names.

    Symbolic links in paths are resolved, `file://` URLs become paths, and alternative protocol
    names become one. For example, `s3a://a/./b/../c/` becomes `s3://a/c`.
    """
    if not is_remote(location):
        return os.path.realpath(location)
    protocol, _, inside = location.rpartition("::")[2].partition("://")
    protocol = protocol.lower()
    if protocol in ON_THIS_DISK:
        return os.path.realpath(inside)
    place, _, path = inside.partition("/")
    if _FAMILIES.get(protocol) == "abfs":
        place = place.partition("@")[0]  # CONTAINER@ACCOUNT
    else:
        place = place.rpartition("@")[2]  # USER@HOST
    inner = posixpath.normpath("/" + path.lstrip("/")).rstrip("/")
    return f"{_FAMILIES.get(protocol, protocol)}://{place.lower()}{inner}"
