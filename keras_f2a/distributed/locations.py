"""Where photographs and results are, as users write it: paths and URLs."""

import os
import posixpath
from pathlib import Path

ON_THIS_DISK = ("file", "local")
"""The kinds of URL that are paths."""
_FAMILIES = {"s3a": "s3", "gcs": "gs", "abfss": "abfs", "az": "abfs"}


def is_remote(location: str) -> bool:
    """Return whether a location is a URL such as `s3://bucket/photos`, and no path."""
    return "://" in location


def absolute(location: str) -> str:
    """Return a location that means the same in processes which run in other folders."""
    return location if is_remote(location) or not location else str(Path(location).absolute())


def resolved(location: str) -> str:
    """Return one name for each place, however it is written: two of one place are equal.

    Paths lose their links, `file://` URLs become paths, and the names of a kind of store become
    one: `s3a://a/./b/../c/` is `s3://a/c`.
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
