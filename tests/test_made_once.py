import pytest

from tests.made_once import made_once


class Session:
    """Stand-in for the `tmp_path_factory` of one worker."""

    def __init__(self, folder):
        self._folder = folder

    def getbasetemp(self):
        self._folder.mkdir(exist_ok=True)
        return self._folder


def test_workers_share_what_the_first_one_makes(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    made = []

    def make(folder):
        made.append(folder)
        (folder / "file").write_text("made")

    workers = [Session(tmp_path / name) for name in ("popen-gw0", "popen-gw1")]
    folders = {made_once(worker, "things", make) for worker in workers}
    assert folders == set(made) and len(made) == 1
    assert (made[0] / "file").read_text() == "made"


def test_what_failed_is_tried_again_from_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)

    def fail(folder):
        (folder / "half").touch()
        raise KeyError

    with pytest.raises(KeyError):
        made_once(Session(tmp_path), "things", fail)
    folder = made_once(Session(tmp_path), "things", lambda folder: None)
    assert folder.parent.parent == tmp_path and list(folder.iterdir()) == []
