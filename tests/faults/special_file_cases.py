"""Pipes, sockets, links and other files that are not photographs."""

import os
import socket

from tests.faults.photographs import KINDS, write_photograph
from tests.faults.verdict import (
    Fault,
    faults_of_ending,
    faults_of_files,
)
from tests.faults.workshop import Case


def special_files(case: Case) -> list[Fault]:
    """Check a special file with a photograph's name, next to a valid photograph."""
    rng = case.rng
    photos = case.folder / "photos"
    photos.mkdir()
    whole = write_photograph(photos / "whole.png", rng)
    kinds = (_pipe, _socket, _dangling, _circle, _folder, _null, _empty, _link)
    kind = kinds[rng.integers(len(kinds))]
    name = "photo" + list(KINDS)[rng.integers(len(KINDS))]
    kind(photos / name)
    inputs = photos if rng.random() < 0.5 else photos / name
    ended = case.correct(inputs, {}, *(["--recursive"] if rng.random() < 0.5 else []))
    linked = kind is _link
    codes = (0,) if kind is _folder and inputs == photos else (1, 2)
    faults = faults_of_ending(ended, (0, 1) if linked else codes)
    content = case.expected(whole, "whole.png", {})
    allowed = {"whole.png": {content, None} if inputs != photos else {content}}
    if linked and ended.code == 0:
        result = name if not name.endswith(".heic") else "photo.jpg"
        allowed[result] = {case.expected(photos / name, result, {})}
    return faults + faults_of_files(case.output, allowed)


def _pipe(path):
    os.mkfifo(path)


def _socket(path):
    here = os.open(path.parent, os.O_RDONLY)  # Socket paths have to be short.
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"/proc/self/fd/{here}/{path.name}")
    os.close(here)


def _dangling(path):
    path.symlink_to("nowhere.jpg")


def _circle(path):
    path.symlink_to(path.name)


def _folder(path):
    path.mkdir()


def _null(path):
    path.symlink_to("/dev/zero")


def _empty(path):
    path.write_bytes(b"")


def _link(path):
    path.symlink_to("whole.png")


CLASSES = (special_files,)
