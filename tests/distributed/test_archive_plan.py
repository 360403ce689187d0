import ntpath
import subprocess
import sys
from types import SimpleNamespace

import pytest
from PIL import Image

from keras_f2a.correction.folders import DiskFolder
from keras_f2a.distributed import archive_plan
from keras_f2a.distributed.archive_plan import Source, find_sources, plan_archive
from keras_f2a.distributed.locations import canonical_location
from keras_f2a.distributed.stores import open_folder
from keras_f2a.distributed.target_probe import check_probe, written_probe
from keras_f2a.support.errors import InputError
from tests.distributed.conftest import write_photos


def plan(sources, output, force=False):
    return plan_archive(
        find_sources([str(source) for source in sources], str(output)), str(output), force=force
    )


def listed(names, there=()):
    """Return a plan for made-up listings."""
    listings = [(list(names), []), (list(there), [])]
    return plan_archive([Source("s3://b/in")], "s3://b/out", list_folders=lambda _: listings)


def test_a_tree_is_planned_and_what_is_finished_left_out(archive, tmp_path):
    write_photos(tmp_path / "out" / "1999" / "summer", [3])
    (archive / ".hidden.jpg").write_bytes(b"")
    (archive / "notes.txt").write_text("")
    planned = plan([archive], tmp_path / "out")
    assert (planned.left, planned.finished, planned.failures) == (23, 1, [])
    assert "1999/summer/4.jpg" in planned.names[0] and "17.webp" in planned.names[0]
    assert plan([archive], tmp_path / "out", force=True).left == 24
    assert [len(names) for _, names in planned.chunks(10)] == [10, 10, 3]


def test_single_photographs_keep_their_names_alone(archive, tmp_path):
    planned = plan([archive / "1999" / "summer" / "3.jpg", archive / "16.png"], tmp_path / "out")
    assert planned.names == [["3.jpg"], ["16.png"]]


def test_a_photographs_folder_may_be_written_as_on_windows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in\\a.jpg").touch()
    monkeypatch.setattr(archive_plan, "os", SimpleNamespace(path=ntpath))
    assert find_sources(["in\\a.jpg"], "out") == [Source("in", "a.jpg")]


def test_two_photographs_never_share_a_result(tmp_path):
    for folder in "a", "b":
        write_photos(tmp_path / folder, [1])
    planned = plan([tmp_path / "a", tmp_path / "b"], tmp_path / "out")
    assert planned.names == [["1.jpg"], []]
    ((path, reason),) = planned.failures
    assert (
        path == str(tmp_path / "b" / "1.jpg")
        and f"is the result of {tmp_path / 'a' / '1.jpg'}" in reason
    )


def test_a_photograph_that_is_named_twice_counts_once(archive, tmp_path):
    (tmp_path / "link").symlink_to(archive)
    again = [archive, f"{archive}/", tmp_path / "link", f"file://{archive}", archive / "16.png"]
    planned = plan(again, tmp_path / "out")
    assert (planned.left, planned.failures) == (24, [])


@pytest.mark.parametrize("output", ["{here}/out", "file://{here}/out"])
def test_names_that_are_one_file_on_many_disks(output, tmp_path, monkeypatch):
    names = ["C.JPG", "IMG_1.HEIC", "IMG_1.JPG", "b.heic", "B.PNG"]
    listings = [(names, []), (["c.jpg"], [])]

    def planned():
        output_here = output.format(here=tmp_path)
        return plan_archive([Source("s3://b/in")], output_here, list_folders=lambda _: listings)

    monkeypatch.setattr(DiskFolder, "ignores_case", lambda _: False)
    assert (planned().left, planned().finished, planned().failures) == (5, 0, [])
    monkeypatch.setattr(DiskFolder, "ignores_case", lambda _: True)
    assert planned().names == [["B.PNG", "IMG_1.HEIC", "b.heic"]]
    assert (planned().finished, planned().taken) == (1, {"b.png"})
    ((path, reason),) = planned().failures
    assert path == "s3://b/in/IMG_1.JPG" and "is the result of s3://b/in/IMG_1.HEIC" in reason


def test_a_png_that_takes_a_jpegs_place_counts_as_its_result():
    assert listed(["a.heic"], ["a.png"]).finished == 1
    both = listed(["a.heic", "a.png"], ["a.png"])
    assert both.names == [["a.heic"]] and both.taken == {"a.png"}


def test_names_that_would_lie_elsewhere_on_a_disk_are_refused():
    planned = listed(["a/../../b.jpg", "//c.jpg", "d.jpg", "e\0.jpg"])
    assert planned.names == [["d.jpg"]] and len(planned.failures) == 3


@pytest.mark.parametrize(
    ("sources", "output", "message"),
    [
        (["nowhere"], "out", "nowhere: there is no such photograph or folder"),
        (["in"], "in/out", "output=.*: overlaps with"),
        (["in/1999"], "in", "output=.*: overlaps with"),
        (["in/16.png"], "in", "output=.*: overlaps with"),
        (["in"], "file://{here}/in/../in/out", "output=.*: overlaps with"),
        (["in"], "local://{here}/in", "output=.*: overlaps with"),
        (["file://{here}/in"], "in/out", "output=.*: overlaps with"),
        (["in"], "link/out", "output=.*: overlaps with"),
        (["memory://b/in"], "memory://b/x/..//in", "output=.*: overlaps with"),
        (["empty"], "out", "empty: contains no JPEG"),
        (["in"], "in/16.png", "output=.*: is a file"),
        (["in"], "", "output=: is empty; name a folder"),
        ([""], "out", "'': is empty; name a photograph"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is(
    archive, tmp_path, monkeypatch, sources, output, message
):
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(archive)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        plan([source.format(here=tmp_path) for source in sources], output.format(here=tmp_path))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("s3://a/in", "s3a://a/in/"),
        ("s3://a/in", "s3://a/./b/..//in"),
        ("gs://a/in", "gcs://a/in"),
        ("abfs://a/in", "abfss://a@account.dfs.core.windows.net/in"),
        ("abfs://a@account.dfs.core.windows.net/in", "az://a@account/in"),
        ("sftp://me@host/in", "sftp://host/in"),
        ("/tmp/in", "file:///tmp/in"),
        ("/tmp/in", "LOCAL:///tmp/x/../in"),
        ("s3://a/in", "simplecache::s3://a/in"),
    ],
)
def test_one_place_has_one_name(one, other, monkeypatch):
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    assert canonical_location(one) == canonical_location(other)
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME")
    connection = "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=a=="
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", connection)
    assert canonical_location(one) == canonical_location(other)


def test_other_places_have_other_names():
    places = ["s3://a/in", "s3://b/in", "gs://a/in", "sftp://a/in", "sftp://b/in", "/a/in", "/b/in"]
    azure = "a@one", "b@one", "a@two.dfs.core.windows.net", "c"
    places += [f"abfs://{place}/in" for place in azure]
    assert len(set(map(canonical_location, places))) == len(places)


@pytest.mark.parametrize("location", ["s3://", "s3:///", "memory://", "file://", "file://out"])
def test_urls_that_name_no_folder(location):
    with pytest.raises(InputError, match=f"{location}: names no folder; write "):
        open_folder(location)


@pytest.mark.parametrize("location", ["://a/b", "://", "c://a/b", "simplecache::://a/b"])
def test_urls_without_a_kind_of_store_are_no_paths(location):
    with pytest.raises(
        InputError, match=f"{location}: does not name a kind of store; write s3://BUCKET"
    ):
        open_folder(location)


def test_a_key_with_two_slashes_lists_nothing_twice(monkeypatch):
    """S3 lists such a key as a folder without a name, which is the whole folder again."""
    folder = open_folder("memory://bucket/in")
    keys = ["/bucket/in/a.jpg", "/bucket/in/b/c.jpg", "/bucket/in//d.jpg"]
    entries = [
        ("/bucket/in/", "directory"),
        ("/bucket/in/a.jpg", "file"),
        ("/bucket/in/b", "directory"),
    ]
    listing = [{"name": name, "type": kind} for name, kind in entries]
    monkeypatch.setattr(folder._store, "ls", lambda *_, **__: listing)
    monkeypatch.setattr(folder._store, "find", lambda path: [k for k in keys if k.startswith(path)])
    assert folder.list_files() == (["a.jpg", "b/c.jpg", "/d.jpg"], [])


def test_a_probe_tells_stores_apart_that_keep_nothing(tmp_path):
    here = f"file://{tmp_path}/out"
    with written_probe(here) as one, written_probe(here) as other:  # of two jobs at a time
        check_probe(here, one)
        check_probe(here, other)
    assert not list((tmp_path / "out").iterdir())
    command = "import sys; from keras_f2a.distributed.target_probe import check_probe\n"
    command += "check_probe(*sys.argv[1:])"
    with written_probe("memory://probe/out") as name:
        done = subprocess.run(
            [sys.executable, "-c", command, "memory://probe/out", name],
            capture_output=True,
            text=True,
        )
    assert (
        "InputError: output=memory://probe/out: one process cannot read what another wrote there"
        in done.stderr
    )
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(InputError, match="output=.*cannot be written"),
        written_probe(f"file://{tmp_path}/file/out"),
    ):
        pass


def test_stores_that_are_none():
    with pytest.raises(InputError, match="xyz://a: cannot be opened .Protocol not known"):
        open_folder("xyz://a")


@pytest.mark.parametrize("remote", [False, True])
def test_a_file_has_its_name_only_when_it_is_whole(tmp_path, remote):
    """On a store where a growing file is visible, like SFTP, it is written under another name."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    folder = open_folder(f"file://{tmp_path / 'out'}" if remote else str(tmp_path / "out"))
    assert folder.list_files() == ([], [])
    if remote:
        with pytest.raises(KeyError), folder.stage("a/b.png", scratch, force=False) as path:
            path.write_bytes(b"half")
            raise KeyError
        assert folder.list_files() == ([], [])
        with folder.stage("a/b.png", scratch, force=False) as path:
            path.write_bytes(b"whole")
    else:
        (tmp_path / "out" / "a").mkdir(parents=True)
        (tmp_path / "out" / "a" / "b.png").write_bytes(b"whole")
    assert folder.list_files() == (["a/b.png"], [])
    assert folder.exists("a/b.png") and not folder.exists("a")
    assert folder.fetch("a/b.png", scratch).read_bytes() == b"whole"


@pytest.mark.parametrize("protocol", ["", "file://"])
def test_folders_that_may_not_be_searched_are_failures(unprivileged_folder, protocol):
    closed = unprivileged_folder / "in" / "a" / "closed"
    closed.mkdir(parents=True)
    for name in "b.png", "a/c.png":
        Image.new("RGB", (32, 32)).save(unprivileged_folder / "in" / name)
    (unprivileged_folder / "in" / "d.png").symlink_to("b.png")
    closed.chmod(0)
    location = f"{protocol}{unprivileged_folder}"
    try:
        planned = plan([f"{location}/in"], f"{location}/out")
        assert planned.names == [["a/c.png", "b.png", "d.png"]]
        ((path, reason),) = planned.failures
        assert path == f"{location}/in/a/closed" and "Permission denied" in reason
        with pytest.raises(InputError, match="closed: cannot be searched"):
            plan([f"{location}/in/a/closed"], f"{location}/out")
    finally:
        closed.chmod(0o755)
