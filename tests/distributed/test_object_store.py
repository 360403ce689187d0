"""An archive in S3, which moto emulates on this machine."""

import logging

import pytest

from keras_f2a import correct
from keras_f2a.distributed.archive import correct_archive
from keras_f2a.distributed.ray_session import ray_session
from tests.distributed.conftest import contents, write_photos

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
def requests():
    """Yield the server's log while the server runs, with a Ray session whose workers know it."""
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
            with ray_session(cpus=2):
                yield log.lines
        finally:
            logger.removeHandler(log)
            s3fs.S3FileSystem.clear_instance_cache()
            server.stop()


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
