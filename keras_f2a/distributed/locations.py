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
    names become one. For example, `s3a://a/./b/../c/` becomes `s3://a/c`. Azure's URLs get the
    account that the environment names, if they name none.
    """
    if not is_remote(location):
        return os.path.realpath(location)
    protocol, _, rest = location.rpartition("::")[2].partition("://")
    protocol = protocol.lower()
    if protocol in LOCAL_PROTOCOLS:
        return os.path.realpath(rest)
    authority, _, path = rest.partition("/")
    protocol = _PROTOCOL_ALIASES.get(protocol, protocol)
    if protocol == "abfs":
        container, _, host = authority.partition("@")  # CONTAINER@ACCOUNT.dfs.core.windows.net
        authority = f"{container}@{host.partition('.')[0] or _azure_account()}"
    else:
        authority = authority.rpartition("@")[2]  # USER@HOST
    path = posixpath.normpath("/" + path.lstrip("/")).rstrip("/")
    return f"{protocol}://{authority.lower()}{path}"


def _azure_account() -> str:
    """Return the storage account of URLs that name none, or an empty text if it is unknown."""
    if account := os.environ.get("AZURE_STORAGE_ACCOUNT_NAME"):
        return account
    connection = os.environ.get("AZURE_STORAGE_CONNECTION_STRING", "")
    pairs = (part.strip().partition("=") for part in connection.split(";"))
    return next((value for name, _, value in pairs if name == "AccountName"), "")
