"""Handles the locations of photographs and results, which are paths or URLs."""

import os
import posixpath
from pathlib import Path

LOCAL_PROTOCOLS = ("file", "local")
"""The URL protocols for local paths."""
_PROTOCOL_ALIASES = {"s3a": "s3", "gcs": "gs", "abfss": "abfs", "az": "abfs"}


def is_remote(location: str) -> bool:
    """Return whether a location is a URL, such as `s3://bucket/photos`, instead of a path."""
    return "://" in location


def absolute_location(location: str) -> str:
    """Return an equivalent location that does not depend on the current folder."""
    return location if is_remote(location) or not location else str(Path(location).absolute())


def canonical_location(location: str) -> str:
    """Return the canonical form of a location, so that equal places have equal names.

    Symbolic links in paths are resolved, `file://` URLs become paths, and alternative protocol
    names become one. For example, `s3a://a/./b/../c/` becomes `s3://a/c`.
    """
    if not is_remote(location):
        return os.path.realpath(location)
    protocol, _, rest = location.rpartition("::")[2].partition("://")
    protocol = protocol.lower()
    if protocol in LOCAL_PROTOCOLS:
        return os.path.realpath(rest)
    authority, _, path = rest.partition("/")
    if _PROTOCOL_ALIASES.get(protocol) == "abfs":
        authority = authority.partition("@")[0]  # CONTAINER@ACCOUNT
    else:
        authority = authority.rpartition("@")[2]  # USER@HOST
    path = posixpath.normpath("/" + path.lstrip("/")).rstrip("/")
    return f"{_PROTOCOL_ALIASES.get(protocol, protocol)}://{authority.lower()}{path}"
