import io
import json
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.services.request_settings import parse_request_settings
from keras_f2a.support.errors import InputError
from tests.faults.bombs import huge_png
from tests.faults.photographs import Kind, write_photograph
from tests.imaging.test_raw import write_dng
from tests.services.service import asked, error_of, metrics, running_service
from tests.system_packages import require_program

KINDS = [
    Kind(".jpg", "RGB", 6),
    Kind(".jpg", "CMYK", 1),
    Kind(".png", "RGBA", 1),
    Kind(".png", "I;16", 8),
    Kind(".webp", "RGB", 3),
    Kind(".heic", "RGBA", 1),
]
QUERIES = {
    "": {},
    "?strength=50%25": {"strength": 0.5},
    "?brightness=0.5&warmth=-0.5": {"brightness": 0.5, "warmth": -0.5},
    "?quality=40&mark_edited=true&rules=off": {"quality": 40, "mark_edited": True, "rules": "off"},
}
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "TIFF": "image/tiff"}


@pytest.fixture(scope="module")
def service():
    with running_service("--workers", "1", "--max-megapixels", "1", "--max-megabytes", "2") as (
        port,
        process,
    ):
        yield port, process


@pytest.fixture
def port(service):
    return service[0]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.suffix}-{kind.mode}")
def test_a_result_has_the_bytes_that_corrector_and_command_write(kind, port, tmp_path, rng):
    path = write_photograph(tmp_path / f"photo{kind.suffix}", rng, kind, (90, 70))
    for query, settings in QUERIES.items():
        status, headers, content = asked(port, path.read_bytes(), f"/correct{query}")
        assert status == 200, content
        with Image.open(io.BytesIO(content)) as image:
            assert headers["content-type"] == TYPES[image.format]
        assert content == keras_f2a.correct_photo(path.read_bytes(), **settings)
        folder = tmp_path / f"out{len(query)}"
        keras_f2a.correct_photos(path, folder, **settings)
        (written,) = folder.iterdir()
        assert content == written.read_bytes()


def test_sixteen_bit_tiff_and_a_form(port, tmp_path, rng):
    path = write_photograph(tmp_path / "a.png", rng, Kind(".png", "I;16", 1), (40, 30))
    Image.open(path).save(tmp_path / "a.tif")
    content = (tmp_path / "a.tif").read_bytes()
    form = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.tif"\r\n\r\n'
    form += content + b"\r\n--x--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=x"}
    expected = keras_f2a.correct_photo(content)
    for body, sent in ((content, {}), (form, headers)):
        status, answered, result = asked(port, body, headers=sent)
        assert (status, answered["content-type"]) == (200, "image/tiff")
        assert result == expected


def test_raw_becomes_jpeg(port, tmp_path):
    pytest.importorskip("rawpy")
    path = write_dng(tmp_path / "a.nef")
    status, headers, content = asked(port, path.read_bytes())
    assert (status, headers["content-type"]) == (200, "image/jpeg")
    keras_f2a.correct_photos(path, tmp_path / "out")
    assert content == (tmp_path / "out" / "a.jpg").read_bytes()


def test_a_photograph_without_flash_is_noted(port):
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x8769] = {0x9209: 16}  # The flash was switched off.
    with Image.open(BUNDLED_SCENES / "test/Scene_005_ambient.webp") as scene:
        scene.save(file, "PNG", exif=exif)
    _, headers, content = asked(port, file.getvalue())
    assert headers["x-keras-f2a-note"].startswith("the photograph shows no flash")
    with Image.open(file) as before, Image.open(io.BytesIO(content)) as after:
        assert before.tobytes() == after.tobytes()
    assert "x-keras-f2a-note" not in asked(port, file.getvalue(), "/correct?light=room")[1]


def test_curl_sends_a_photograph(port, photograph, tmp_path):
    curl = require_program("curl", "curl")
    (tmp_path / "a.jpg").write_bytes(photograph)
    for option in (["--data-binary", "@a.jpg"], ["--upload-file", "a.jpg", "-X", "POST"]):
        address = f"http://127.0.0.1:{port}/correct?strength=0.5"
        command = [curl, "--silent", "--fail", *option, address, "--output", "b.jpg"]
        subprocess.run(command, cwd=tmp_path, check=True)
        expected = keras_f2a.correct_photo(photograph, strength=0.5)
        assert (tmp_path / "b.jpg").read_bytes() == expected


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("strength=3", "strength=3.0: must be at least 0 and at most 2"),
        ("strength=nan", "strength=nan: must be a finite number"),
        ("brightness=bright", "brightness=bright: is not a number"),
        ("warmth=", "warmth=: must not be empty"),
        ("quality=1.5", "quality=1.5: is not a whole number"),
        ("mark_edited=perhaps", "mark_edited=perhaps: must be true or false"),
        ("rules=some", "rules=some: must be one of"),
        ("model=/etc/passwd", "model: there is no such setting; use one of strength, brightness"),
        ("strength=0.5&strength=1", "strength: is given more than once"),
        ("force=true", "force: there is no such setting"),
        ("light=candle", "light=candle: choose one of auto, ceiling"),
        ("light=room*0.5+lamp-left@99", "light=room*0.5 lamp-left@99: the color temperature must"),
    ],
)
def test_a_wrong_setting_is_named(query, message, port, photograph):
    status, line = error_of(asked(port, photograph, f"/correct?{query}"))
    assert status == 400
    assert line.startswith(message)


def test_a_wrong_upload_is_one_line(port, photograph):
    def line(status, content, **headers):
        found, line = error_of(asked(port, content, headers=headers))
        assert found == status, line
        return line

    assert "received no photograph" in line(400, b"")
    assert "not a JPEG" in line(415, b"no photograph at all")
    assert "a GIF file" in line(415, b"GIF89a" + bytes(100))
    assert line(422, photograph[: len(photograph) // 2]).startswith("the photograph: ")
    assert "without Content-Encoding" in line(415, photograph, **{"Content-Encoding": "gzip"})
    assert "is larger than 2 MB" in line(413, bytes(2_000_001))
    assert "is larger than 2 MB" in line(413, iter([bytes(500_000)] * 20))
    assert "max_megapixels" in line(413, huge_png(np.random.default_rng(0)))
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    field = b'--x\r\nContent-Disposition: form-data; name="strength"\r\n\r\n0.5\r\n--x--\r\n'
    assert "must contain one file" in line(400, field, **form)
    line(400, b"no form at all", **form)
    assert error_of(asked(port, method="GET"))[0] == 405
    assert error_of(asked(port, path="/elsewhere"))[0] == 404
    assert asked(port, photograph)[0] == 200


def settled_metrics(port):
    """Return the metrics once earlier requests are counted, which is after their last byte."""
    names = "keras_f2a_uploaded_bytes_total", "keras_f2a_downloaded_bytes_total"
    earlier, found = None, metrics(port)
    while earlier is None or any(earlier.get(name) != found.get(name) for name in names):
        time.sleep(0.2)
        earlier, found = found, metrics(port)
    return found


def test_health_and_metrics(port, photograph):
    before = settled_metrics(port)
    status, _, result = asked(port, photograph)
    assert status == 200
    status, _, content = asked(port, path="/healthz", method="GET")
    assert (status, json.loads(content)) == (200, {"status": "ok", "workers": 1})
    status, headers, content = asked(port, path="/metrics", method="GET")
    assert headers["content-type"].startswith("text/plain; version=")
    assert b"Seconds from the end of a request's header to the last byte" in content
    after = metrics(port)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert grown["keras_f2a_uploaded_bytes_total"] == len(photograph)
    assert grown["keras_f2a_downloaded_bytes_total"] == len(result)
    assert grown["keras_f2a_correct_seconds_count"] == 1
    assert grown["keras_f2a_requests_total"] == 4
    assert after["keras_f2a_places_taken"] == after["keras_f2a_corrections_running"] == 0
    assert after["keras_f2a_worker_resident_bytes"] > 10e6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "70000"], "--port 70000: must be at least 0 and at most 65535"),
        (["--workers", "0"], "--workers 0: must be at least 1"),
        (["--host", "256.1.1.1", "--port", "0"], "--port 0: cannot listen at 256.1.1.1"),
        (["--port", "0", "--model", "no.tflite"], "no.tflite: there is no such model"),
    ],
)
def test_a_wrong_call_is_one_line(arguments, message):
    command = [sys.executable, "-m", "keras_f2a", "serve", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert message in line


def test_a_port_that_is_taken(port):
    command = [sys.executable, "-m", "keras_f2a", "serve", "--port", str(port)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert f"--port {port}: cannot listen at 127.0.0.1" in ended.stderr


def test_a_request_changes_no_setting_of_the_model():
    ours = CorrectionSettings(), OutputSettings()
    for name in ("model", "working_size", "compare", "max_megapixels"):
        with pytest.raises(InputError, match=f"^{name}: there is no such setting"):
            parse_request_settings({name: "1"}, *ours)
    changes, output = parse_request_settings({"strength": "0.25", "quality": "80"}, *ours)
    assert (changes, output.quality) == ({"strength": 0.25}, 80)
