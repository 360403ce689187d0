"""Triton's own client library reads the model repository for Triton and KServe."""

import json
import re
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from keras_f2a.export.__main__ import main
from keras_f2a.export.server_texts import BINARY_HEADER, binary_request, json_request

from tests.export.triton_client import run_with_triton

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("read_triton.py")
IMAGE = np.array([[[[0.1, 0.5, 0.9], [1, 0, 0.25]]]], np.float32)
"""The two pixels from the docs."""


def arguments(run, output, *more):
    words = f"--model {run} --output {output} --size 48x32 --formats triton --name lamp"
    return [*words.split(), *more]


@pytest.fixture(scope="module")
def repository(run_directory, tmp_path_factory):
    folder = tmp_path_factory.mktemp("triton")
    assert main(arguments(run_directory, folder, "--model-version", "2")) == 0
    return folder / "triton"


@pytest.fixture(scope="module")
def read_by_triton(repository, tmp_path_factory):
    """Return the configuration as Triton's schema parses it, and a folder with client requests."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "image.json").write_text(json.dumps(IMAGE.tolist()))
    words = (repository / "lamp/config.pbtxt", folder / "image.json", folder / "body")
    return json.loads(run_with_triton(PROGRAM, *words)), folder


def test_the_configuration_is_one_that_triton_reads(read_by_triton):
    config, _ = read_by_triton
    assert (config["name"], config["backend"]) == ("lamp", "onnxruntime")
    assert config["max_batch_size"] == 8
    for side, name in (("input", "flash"), ("output", "ambient")):
        [tensor] = config[side]
        assert (tensor["name"], tensor["data_type"]) == (name, "TYPE_FP32")
        assert [int(length) for length in tensor["dims"]] == [-1, -1, 3]


def test_the_configuration_is_true_of_the_network(repository, generator, rng):
    model = onnxruntime.InferenceSession(repository / "lamp/2/model.onnx")
    [source], [result] = model.get_inputs(), model.get_outputs()
    assert (source.name, source.type, result.name) == ("flash", "tensor(float)", "ambient")
    assert source.shape == ["batch", "height", "width", 3]
    images = rng.random((8, 32, 48, 3), np.float32)
    [output] = model.run(["ambient"], {"flash": images})
    np.testing.assert_allclose(output, generator.predict(images, verbose=0), atol=1e-4)


def test_the_requests_are_those_of_tritons_client(read_by_triton):
    _, folder = read_by_triton
    ours = json_request(IMAGE)
    theirs = json.loads((folder / "body.json").read_text())
    [tensor], [other] = ours["inputs"], theirs["inputs"]
    assert {key: other[key] for key in tensor if key != "data"} == {
        key: value for key, value in tensor.items() if key != "data"
    }
    np.testing.assert_array_equal(np.float32(tensor["data"]), np.float32(other["data"]))
    headers, body = binary_request(IMAGE)
    content = (folder / "body.bin").read_bytes()
    length = int((folder / "body.bin.length").read_text())
    assert body[int(headers[BINARY_HEADER]) :] == content[length:]
    [tensor] = json.loads(body[: int(headers[BINARY_HEADER])])["inputs"]
    assert [tensor] == json.loads(content[:length])["inputs"]


def test_the_docs_show_these_requests():
    page = (ROOT / "docs/elsewhere.md").read_text(encoding="utf-8")
    shown = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    headers, body = binary_request(IMAGE)
    assert shown == [json_request(IMAGE), json.loads(body[: int(headers[BINARY_HEADER])])]


def test_versions_share_a_configuration_that_was_changed(run_directory, repository, tmp_path):
    output = tmp_path / "output"
    assert main(arguments(run_directory, output)) == 0
    config = output / "triton/lamp/config.pbtxt"
    changed = config.read_text() + "dynamic_batching { }\n"
    config.write_text(changed)
    assert main(arguments(run_directory, output, "--model-version", "2")) == 0
    assert config.read_text() == changed
    versions = {path.parent.name for path in output.rglob("model.onnx")}
    assert versions == {"1", "2"}
    assert {path.name for path in output.glob("*.json")} >= {
        "lamp_1_triton.json",
        "lamp_2_triton.json",
    }
