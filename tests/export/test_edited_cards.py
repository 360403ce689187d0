"""With an edited card, `--web` and `--android` give a one-line error and write nothing."""

import hashlib
import json
import os
import shutil

import pytest
from keras_f2a.export.__main__ import main

from android_demo.toolchain.toolchain import DEMO as ANDROID
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.support.errors import InputError
from tests.web_demo.node import DEMO as WEB

DIGEST = hashlib.sha256(pretrained_file("int8.tflite").read_bytes()).hexdigest()
RAW = {
    "empty": b"",
    "not JSON": b"{",
    "not UTF-8": b'{"sha256": "\xff"}',
    "UTF-16": json.dumps({"sha256": DIGEST}).encode("utf-16"),
    "a list": b"[]",
    "a text": b'"sha256"',
    "a number": b"5",
    "null": b"null",
    "nested": b"[" * 200_000 + b"]" * 200_000,
    "huge": b"{" + b" " * 20_000_000 + b"}",
    "a number of many digits": b'{"sha256": ' + b"9" * 10_000 + b"}",
    "null bytes": bytes(1000),
}
CHANGES = {
    "sha256": [None, 5, [], {}, "", "0", DIGEST[:-1], DIGEST + "0", [DIGEST], "é" * 64, True],
    "measured": [None, 5, [], {}, "", True, [[]], {"shortcomings": None}]
    + [{"shortcomings": value} for value in (0, 5, "", "worse", {}, {"a": 1}, [5], [None], [[]])]
    + [{"shortcomings": [text]} for text in ("a\nb", "\x1b[31m", "\ud800", "x" * 100_000)],
    "name": [None, 5, [], {}],
    "version": [None, "1", [], True, 1.5],
    "format": [None, 5, {}],
}
KEYS = ("sha256", "measured", "name", "version", "format")


@pytest.fixture
def proven(tmp_path):
    """Copy the package's own file and its card, so that the test can change them."""
    for suffix in (".tflite", ".json"):
        shutil.copy(pretrained_file("int8.tflite").with_suffix(suffix), tmp_path / f"m{suffix}")
    return tmp_path / "m.tflite"


@pytest.fixture(params=["web", "android"])
def demo(request, tmp_path):
    """Return the option and its folder, which contains only the file that the command looks for."""
    folder = tmp_path / request.param
    source, kept = {
        "web": (WEB, "src/core/corrector.ts"),
        "android": (ANDROID, "app/src/main/AndroidManifest.xml"),
    }[request.param]
    (folder / kept).parent.mkdir(parents=True)
    shutil.copy(source / kept, folder / kept)
    return f"--{request.param}", folder


def assert_refused(proven, demo, message=None):
    option, folder = demo
    before = sorted(folder.rglob("*"))
    with pytest.raises(InputError, match=message) as error:
        main(["--model", str(proven), option, str(folder)])
    line = str(error.value)
    assert line.isprintable()
    assert "m.json" in line or "m.tflite" in line
    assert len(line) < 1500
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("kind", RAW)
def test_a_card_that_is_none(proven, demo, kind):
    proven.with_suffix(".json").write_bytes(RAW[kind])
    assert_refused(proven, demo, "has no valid card")


@pytest.mark.parametrize("key", KEYS)
def test_a_card_that_lacks_something(proven, demo, key):
    card = json.loads(proven.with_suffix(".json").read_text())
    del card[key]
    proven.with_suffix(".json").write_text(json.dumps(card))
    assert_refused(proven, demo, "has no valid card")


@pytest.mark.parametrize(
    ("key", "number"), [(key, i) for key in CHANGES for i in range(len(CHANGES[key]))]
)
def test_a_card_that_says_something_else(proven, demo, key, number):
    card = json.loads(proven.with_suffix(".json").read_text())
    card[key] = CHANGES[key][number]
    proven.with_suffix(".json").write_text(json.dumps(card))
    assert_refused(proven, demo)


def test_a_card_that_is_no_file(proven, demo):
    card = proven.with_suffix(".json")
    card.unlink()
    card.mkdir()
    assert_refused(proven, demo, "has no valid card")
    card.rmdir()
    os.mkfifo(card)
    assert_refused(proven, demo, "has no valid card")


@pytest.mark.parametrize("place", [0, 4, 30, 1000, -5000])
def test_a_damaged_file_whose_card_was_edited_to_match(proven, demo, place):
    content = bytearray(proven.read_bytes()[: None if place < 1000 else 5000])
    content[place : place + 4] = b"\xff\xff\xff\x7f"
    proven.write_bytes(content)
    card = json.loads(proven.with_suffix(".json").read_text())
    card["sha256"] = hashlib.sha256(content).hexdigest()
    proven.with_suffix(".json").write_text(json.dumps(card))
    try:
        assert main(["--model", str(proven), demo[0], str(demo[1])]) == 0
    except InputError as error:
        assert str(error).isprintable()


def test_the_card_that_the_export_wrote(proven, demo):
    assert main(["--model", str(proven), demo[0], str(demo[1])]) == 0
