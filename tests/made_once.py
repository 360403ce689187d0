"""Folders that take long to fill: one of pytest's workers does it, and all of them read it."""

import fcntl
import os
import shutil


def made_once(tmp_path_factory, name, make):
    """The folder of this name, which is for reading; whoever comes first calls `make(folder)`.

    Args:
        tmp_path_factory: pytest's.
        name: Of the folder, the same in every worker.
        make: Fills the empty folder. If it fails, the next one tries again.
    """
    session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # Then it is the worker's own, inside the session's.
        session = session.parent
    folder = session / "made_once" / name
    done = folder.with_name(f"{name}.done")
    folder.parent.mkdir(exist_ok=True)
    with folder.with_name(f"{name}.lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
