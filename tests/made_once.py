"""Folders that take long to fill: one pytest worker fills each, and all workers read it."""

import fcntl
import os
import shutil


def made_once(tmp_path_factory, name, make):
    """Return a read-only folder, which the first caller fills with `make(folder)`.

    Args:
        tmp_path_factory: pytest's fixture.
        name: The name of the folder, the same in every worker.
        make: Fills the empty folder. If it fails, the next caller tries again.
    """
    session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # A worker's own folder is inside it.
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
