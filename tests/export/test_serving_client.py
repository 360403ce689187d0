import io
import os
from pathlib import Path

import numpy as np
import pytest
from keras_f2a.export import serving_client
from PIL import Image

from keras_f2a.imaging.cicp import display_p3_profile
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
    with pytest.raises(InputError, match="note.jpg: is not a JPEG, PNG, .* or is damaged"):
        serving_client.main([str(tmp_path / "note.jpg"), "--output", str(tmp_path)])


@pytest.mark.parametrize("server", ["no port", "127.0.0.1:port", "127.0.0.1:99999", "[::1"])
def test_an_address_that_is_none(server):
    with pytest.raises(WorkError, match="cannot be reached"):
        serving_client.correct_over_rest([photograph((48, 32), "PNG")], server)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"predictions": []}', b'{"predictions": 1}'])
def test_a_server_of_another_kind(body):
    with (
        other_server(body) as server,
        pytest.raises(WorkError, match="the reply is not from TF Serving"),
    ):
        serving_client.correct_over_rest([photograph((48, 32), "PNG")], server)


@pytest.mark.parametrize("make", [Path.touch, os.mkfifo], ids=["file", "pipe"])
def test_an_output_that_is_no_folder_is_named_before_any_work(make, tmp_path):
    (tmp_path / "photo.png").write_bytes(photograph((48, 32), "PNG"))
    make(tmp_path / "out")
    with pytest.raises(InputError, match=f"output={tmp_path / 'out'}: cannot be written"):
        # No server is running.
        serving_client.main([str(tmp_path / "photo.png"), "--output", str(tmp_path / "out")])


def test_a_pipe_in_place_of_a_photograph(tmp_path):
    os.mkfifo(tmp_path / "photo.jpg")
    with pytest.raises(InputError, match="photo.jpg: is a pipe, .* not a file"):
        serving_client.main([str(tmp_path / "photo.jpg"), "--output", str(tmp_path / "out")])


def test_a_result_that_cannot_be_written_is_one_line(signatures, tmp_path):
    (tmp_path / "photo.png").write_bytes(photograph((48, 32), "PNG"))
    (tmp_path / "out/photo_ambient.png").mkdir(parents=True)
    with rest_server(signatures, NAME) as server:
        arguments = [str(tmp_path / "photo.png"), "--output", str(tmp_path / "out"), "--force"]
        with pytest.raises(WorkError, match="photo_ambient.png: could not be written"):
            serving_client.main([*arguments, "--server", server])


def echo(image_bytes):
    """Stand in for a network by returning each photograph's own file."""
    return {"ambient_bytes": image_bytes}


@pytest.mark.parametrize(("start", "correct"), PROTOCOLS, ids=["rest", "grpc"])
def test_a_large_photograph_goes_there_and_back(start, correct):
    noise = np.random.default_rng(0).integers(0, 256, (1300, 1300, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG", compress_level=1)
    assert len(file.getvalue()) > 4 * 2**20  # gRPC's default limit in bytes
    with start({"serving_default": echo}, NAME) as server:
        assert correct([file.getvalue()], server) == [file.getvalue()]


@pytest.mark.parametrize(
    ("start", "protocol"), [(rest_server, "rest"), (grpc_server, "grpc")], ids=["rest", "grpc"]
)
def test_each_photograph_is_a_request_of_its_own(start, protocol, tmp_path, capsys):
    numbers = []

    def counted(image_bytes):
        numbers.append(len(image_bytes))
        return echo(image_bytes)

    photos = [tmp_path / "a.png", tmp_path / "b.jpg"]
    for photo, file_format in zip(photos, ("PNG", "JPEG"), strict=True):
        photo.write_bytes(photograph((48, 32), file_format))
    with start({"serving_default": counted}, NAME) as server:
        arguments = [*map(str, photos), "--output", str(tmp_path / "out")]
        serving_client.main([*arguments, "--server", server, "--protocol", protocol])
    assert numbers == [1, 1]
    results = [tmp_path / "out/a_ambient.png", tmp_path / "out/b_ambient.jpg"]
    assert capsys.readouterr().out.splitlines() == list(map(str, results))
    for photo, result in zip(photos, results, strict=True):
        assert result.read_bytes() == photo.read_bytes()


def test_the_command_names_the_photograph_that_the_server_refuses(signatures, tmp_path):
    (tmp_path / "small.png").write_bytes(photograph((48, 32), "PNG"))
    (tmp_path / "large.png").write_bytes(photograph((200, 100), "PNG"))
    arguments = [str(tmp_path / "small.png"), str(tmp_path / "large.png")]
    arguments += ["--output", str(tmp_path / "out"), "--server"]
    refused = pytest.raises(WorkError, match="large.png: .*is larger than 10000 pixels")
    with rest_server(signatures, NAME) as server, refused:
        serving_client.main([*arguments, server])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["small_ambient.png"]


@pytest.mark.parametrize("other", ["b/x.jpg", "b/X.jpg", "b/x.png", "a/x.jpg"])
def test_photographs_with_one_result_name_are_refused_before_any_work(other, tmp_path):
    for name in ("a/x.jpg", other):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(photograph((48, 32), "JPEG"))
    photos = [str(tmp_path / "a/x.jpg"), str(tmp_path / other)]
    # No server is running.
    with pytest.raises(InputError, match=f"{other}: its result would replace that of .*a/x.jpg"):
        serving_client.main([*photos, "--output", str(tmp_path / "out"), "--force"])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_an_earlier_result_is_replaced_only_if_asked(suffix, tmp_path):
    photo, earlier = tmp_path / "x.jpg", tmp_path / f"x_ambient{suffix}"
    photo.write_bytes(photograph((48, 32), "JPEG"))
    earlier.write_bytes(b"earlier")
    arguments = [str(photo), "--output", str(tmp_path)]
    # No server is running.
    with pytest.raises(InputError, match=f"{earlier}: already exists; `force` replaces it"):
        serving_client.main(arguments)
    assert earlier.read_bytes() == b"earlier"
    with rest_server({"serving_default": echo}, NAME) as server:
        serving_client.main([*arguments, "--force", "--server", server])
    assert (tmp_path / "x_ambient.jpg").read_bytes() == photo.read_bytes()


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_photographs_with_a_profile_are_sent_as_srgb(file_format, orientation, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = orientation
    # Red and gray of sRGB in Display P3 values.
    image = Image.new("RGB", (48, 32), (234, 51, 35))
    image.paste((128, 128, 128), (0, 0, 24, 32))
    options = {"icc_profile": display_p3_profile(), "exif": exif, "quality": 100}
    image.save(tmp_path / "photo", file_format, **options)
    with Image.open(io.BytesIO(serving_client.upright_file(tmp_path / "photo"))) as sent:
        assert sent.format == ("PNG" if file_format == "PNG" else "JPEG")
        assert sent.size == ((48, 32) if orientation == 1 else (32, 48))
        assert "icc_profile" not in sent.info
        colors = np.asarray(sent).astype(int)
    np.testing.assert_allclose(colors[4, 4], 128, atol=4)
    np.testing.assert_allclose(colors[-5, -5], (255, 0, 0), atol=8)


def test_gray_of_16_bits_with_a_profile_is_not_clipped(tmp_path):
    profile = display_p3_profile().replace(b"RGB XYZ ", b"GRAYXYZ ", 1)
    pixels = np.full((32, 48), 0x8080, np.uint16)
    Image.fromarray(pixels).save(tmp_path / "gray.png", icc_profile=profile)
    with Image.open(io.BytesIO(serving_client.upright_file(tmp_path / "gray.png"))) as sent:
        assert sent.mode == "L"
        np.testing.assert_allclose(np.asarray(sent), 128, atol=8)
