"""An archive in S3, which moto emulates on this machine."""

import errno
import json
import logging
import re

import pytest

from keras_f2a import correct
from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.settings import OutputSettings
from keras_f2a.distributed import archive_worker
from keras_f2a.distributed.archive import correct_archive
from keras_f2a.distributed.archive_plan import Source
from keras_f2a.distributed.archive_worker import ArchiveJob, ArchiveWorker, ChunkResult
from keras_f2a.distributed.ray_session import ray_session
from tests.distributed.conftest import contents, write_photos

fsspec = pytest.importorskip("fsspec")
pytest.importorskip("moto")
s3fs = pytest.importorskip("s3fs")


class Requests(logging.Handler):
    """Collects the requests that the server received."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@pytest.fixture(scope="module")
def store():
    """Yield the log of the server's requests while the server runs."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    log, logger = Requests(), logging.getLogger("werkzeug")
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patched.setenv("AWS_ACCESS_KEY_ID", "testing")
        patched.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patched.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3fs.S3FileSystem.clear_instance_cache()
        logger.addHandler(log)
        logger.setLevel(logging.INFO)
        try:
            yield log.lines
        finally:
            logger.removeHandler(log)
            s3fs.S3FileSystem.clear_instance_cache()
            server.stop()


@pytest.fixture(scope="module")
def requests(store):
    """Yield the server's log, with a Ray session whose workers know the server."""
    with ray_session(cpus=2):
        yield store


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a list of functions. Each is called once while a photograph is being corrected."""
    waiting = []

    class InterruptedCorrector(Corrector):
        def correct_image(self, image, **options):
            while waiting:
                waiting.pop()()
            return super().correct_image(image, **options)

    monkeypatch.setattr(archive_worker, "Corrector", InterruptedCorrector)
    return waiting


def correct_one(folder, output, **settings):
    """Correct `0.jpg` as a worker does, without Ray, which would need other processes."""
    job = ArchiveJob((Source(str(folder)),), output, output_settings=OutputSettings(**settings))
    row = {"chunk": 0, "photos": json.dumps([0, ["0.jpg"], []])}
    return ChunkResult(*json.loads(ArchiveWorker(job)(row)["result"]))


def test_an_archive_in_a_store(requests, tmp_path):
    write_photos(tmp_path / "in" / "a" / "b", range(20))
    write_photos(tmp_path / "in", range(20, 40), ("png",))
    store = s3fs.S3FileSystem()
    store.mkdir("archive")
    store.put(str(tmp_path / "in") + "/", "archive/in", recursive=True)
    (tmp_path / "bad.jpg").write_bytes(b"bad")
    store.put_file(str(tmp_path / "bad.jpg"), "archive/in/a/bad.jpg")
    outcome = correct_archive(["s3://archive/in"], "s3://archive/out/", workers=2)
    assert (outcome.corrected, outcome.finished) == (40, 0)
    reason = "is not a JPEG, PNG, WebP, HEIC, AVIF or TIFF file, or is damaged"
    assert outcome.failures == [("s3://archive/in/a/bad.jpg", reason)]
    text = store.cat_file("archive/out/failures.csv").decode()
    assert text == f'path,reason\r\ns3://archive/in/a/bad.jpg,"{reason}"\r\n'
    assert correct.main([str(tmp_path / "in"), "--recursive", "--output", str(tmp_path / "p")]) == 0
    store.get("archive/out/", str(tmp_path / "got"), recursive=True)
    assert contents(tmp_path / "got") == contents(tmp_path / "p")

    store.rm(["archive/in/a/bad.jpg", "archive/out/a/b/3.jpg"])
    requests.clear()
    outcome = correct_archive(["s3://archive/in"], "s3://archive/out", workers=2)
    assert (outcome.corrected, outcome.finished, outcome.failures) == (1, 39, [])
    # Requests for the one photograph, for the listing of each folder, and for the report.
    assert 0 < len(requests) < 20, requests

    single = correct_archive(["s3://archive/in/a/b/5.jpg"], tmp_path / "disk", workers=2)
    assert single.corrected == 1
    assert contents(tmp_path / "disk")["5.jpg"] == contents(tmp_path / "p")["a/b/5.jpg"]


@pytest.mark.parametrize("output", ["s3://keeps/out", "memory://keeps/out [1]"])
def test_nothing_is_replaced_that_appears_meanwhile(store, output, meanwhile, tmp_path):
    """Of two jobs with one output, the later one counts the earlier one's results."""
    write_photos(tmp_path, [0])
    files, folder = fsspec.core.url_to_fs(output)
    files.makedirs(folder, exist_ok=True)

    def write_other():
        files.pipe_file(f"{folder}/0.jpg", b"other")

    def content():
        return files.cat_file(f"{folder}/0.jpg")

    meanwhile.append(write_other)
    done = correct_one(tmp_path, output)
    assert (done.corrected, done.failures, content()) == (1, [], b"other")
    files.rm_file(f"{folder}/0.jpg")
    meanwhile.append(write_other)
    done = correct_one(tmp_path, output, resume=False)
    reason = f"{output}/0.jpg: already exists; `force` replaces it"
    assert (done.failures, content()) == ([[str(tmp_path / "0.jpg"), reason]], b"other")
    files.rm_file(f"{folder}/0.jpg")
    meanwhile.append(write_other)
    done = correct_one(tmp_path, output, force=True)
    assert (done.corrected, done.failures) == (1, []) and content().startswith(b"\xff\xd8")
    assert [path.rpartition("/")[2] for path in files.ls(folder, detail=False)] == ["0.jpg"]


def test_a_store_without_conditional_uploads(store, meanwhile, tmp_path, monkeypatch):
    """Some stores with the interface of S3 refuse the header."""
    put_file = s3fs.S3FileSystem.put_file

    def refuse_conditions(self, source, path, **options):
        if options:
            raise OSError(errno.ENOSYS, "A header you provided is not implemented")
        put_file(self, source, path)

    monkeypatch.setattr(s3fs.S3FileSystem, "put_file", refuse_conditions)
    write_photos(tmp_path, [0])
    files = s3fs.S3FileSystem()
    files.mkdir("plain")
    assert correct_one(tmp_path, "s3://plain/out").corrected == 1
    assert files.cat_file("plain/out/0.jpg").startswith(b"\xff\xd8")
    files.rm_file("plain/out/0.jpg")
    meanwhile.append(lambda: files.pipe_file("plain/out/0.jpg", b"other"))
    assert correct_one(tmp_path, "s3://plain/out").corrected == 1
    assert files.cat_file("plain/out/0.jpg") == b"other"


def test_a_before_after_picture_comes_after_its_result(store, tmp_path):
    """If the job is killed in between, the next one finds the result and draws the picture."""
    write_photos(tmp_path, [0])
    files = s3fs.S3FileSystem()
    files.mkdir("pictures")
    store.clear()
    assert correct_one(tmp_path, "s3://pictures/out", compare=True).corrected == 1
    stored = re.findall(r'"PUT (\S+) ', "\n".join(store))
    assert stored == ["/pictures/out/0.jpg", "/pictures/out/0.jpg.compare.jpg"]
    files.rm_file("pictures/out/0.jpg")  # Then the picture shows a result that was deleted.
    files.pipe_file("pictures/out/0.jpg.compare.jpg", b"old")
    assert correct_one(tmp_path, "s3://pictures/out", compare=True).corrected == 1
    assert files.cat_file("pictures/out/0.jpg.compare.jpg").startswith(b"\xff\xd8")
