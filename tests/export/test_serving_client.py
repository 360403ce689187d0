import io
import os
from pathlib import Path

import numpy as np
import pytest
from keras_f2a.export import serving_client
from PIL import Image

from keras_f2a.support.errors import InputError, WorkError
from tests.export.photographs import photograph
from tests.export.serving import grpc_server, other_server, rest_server

NAME = serving_client.MODEL_NAME
PROTOCOLS = [
    (rest_server, serving_client.correct_over_rest),
    (grpc_server, serving_client.correct_over_grpc),
]


@pytest.mark.parametrize(("start", "correct"), PROTOCOLS, ids=["rest", "grpc"])
def test_photographs_go_there_and_back(signatures, generator, start, correct):
    files = [photograph((48, 32), "PNG"), photograph((33, 50), "JPEG")]
    with start(signatures, NAME) as server:
        results = correct(files, server)
    images = [Image.open(io.BytesIO(result)) for result in results]
    assert [(image.size, image.format) for image in images] == [
        ((48, 32), "PNG"),
        ((33, 50), "JPEG"),
    ]
    flash = np.asarray(Image.open(io.BytesIO(files[0])), np.float32) / 255
    expected = np.asarray(generator(flash[None]))[0] * 255
    assert np.abs(np.asarray(images[0]) - expected).max() <= 0.6


@pytest.mark.parametrize(("start", "correct"), PROTOCOLS, ids=["rest", "grpc"])
def test_a_refused_photograph_is_named(signatures, start, correct):
    with start(signatures, NAME) as server, pytest.raises(WorkError, match="item 1 is damaged"):
        correct([photograph((48, 32), "PNG"), photograph((48, 32), "PNG")[:100]], server)


@pytest.mark.parametrize("correct", [correct for _, correct in PROTOCOLS], ids=["rest", "grpc"])
def test_no_server(correct):
    with pytest.raises(WorkError, match="127.0.0.1:9"):
        correct([photograph((48, 32), "PNG")], "127.0.0.1:9")


def test_the_command_turns_photographs_upright(signatures, tmp_path, capsys):
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "turned.jpg").write_bytes(photograph((48, 32), "JPEG", exif=exif.tobytes()))
    with rest_server(signatures, NAME) as server:
        arguments = [str(tmp_path / "turned.jpg"), "--output", str(tmp_path / "out")]
        serving_client.main([*arguments, "--server", server])
    written = tmp_path / "out" / "turned_ambient.jpg"
    assert capsys.readouterr().out.strip() == str(written)
    with Image.open(written) as image:
        assert image.size == (32, 48)


def test_a_file_that_is_no_photograph(tmp_path):
    (tmp_path / "note.jpg").write_text("hello")
    with pytest.raises(InputError, match="note.jpg: cannot be read"):
        serving_client.main([str(tmp_path / "note.jpg"), "--output", str(tmp_path)])


@pytest.mark.parametrize("server", ["no port", "127.0.0.1:port", "127.0.0.1:99999", "[::1"])
def test_an_address_that_is_none(server):
    with pytest.raises(WorkError, match="cannot be reached"):
        serving_client.correct_over_rest([photograph((48, 32), "PNG")], server)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"predictions": []}', b'{"predictions": 1}'])
def test_a_server_of_another_kind(body):
    with other_server(body) as server, pytest.raises(WorkError, match="not one of TF Serving's"):
        serving_client.correct_over_rest([photograph((48, 32), "PNG")], server)


@pytest.mark.parametrize("make", [Path.touch, os.mkfifo], ids=["file", "pipe"])
def test_an_output_that_is_no_folder_is_named_before_any_work(make, tmp_path):
    (tmp_path / "photo.png").write_bytes(photograph((48, 32), "PNG"))
    make(tmp_path / "out")
    with pytest.raises(InputError, match=f"output={tmp_path / 'out'}: cannot be written"):
        # No server is there to be asked.
        serving_client.main([str(tmp_path / "photo.png"), "--output", str(tmp_path / "out")])


def test_a_pipe_in_place_of_a_photograph(tmp_path):
    os.mkfifo(tmp_path / "photo.jpg")
    with pytest.raises(InputError, match="photo.jpg: is not a file"):
        serving_client.main([str(tmp_path / "photo.jpg"), "--output", str(tmp_path / "out")])


def test_a_result_that_cannot_be_written_is_one_line(signatures, tmp_path):
    (tmp_path / "photo.png").write_bytes(photograph((48, 32), "PNG"))
    (tmp_path / "out/photo_ambient.png").mkdir(parents=True)
    with rest_server(signatures, NAME) as server:
        arguments = [str(tmp_path / "photo.png"), "--output", str(tmp_path / "out")]
        with pytest.raises(WorkError, match="photo_ambient.png: could not be written"):
            serving_client.main([*arguments, "--server", server])
