import hashlib
import json
from pathlib import Path

import keras
import keras_f2a.export.parity
import keras_f2a.export.tflite_formats
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.tools import flatbuffer_utils
from keras_f2a.export import ExportSettings, export_generator, read_metadata
from keras_f2a.export.formats import names
from keras_f2a.export.probe import run_tflite
from keras_f2a.export.settings import DEFAULT_FORMATS, ImageSize
from keras_f2a.export.tflite_formats import convert

from keras_f2a.models import generators
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.training.building import build_generator
from keras_f2a.training.conditions import CONDITIONS
from keras_f2a.training.settings import NetworkSettings
from tests.conftest import names_in

SIZE = ImageSize(48, 64)
NEEDED = {"CONCATENATION", "CONV_2D", "LOGISTIC", "MAX_POOL_2D", "MUL", "STRIDED_SLICE"}
NEEDED |= {"TRANSPOSE_CONV"}
TFLITE_FORMATS = names(".tflite")


def test_every_format_is_written_measured_and_passes(exported):
    folder, report, printed = exported
    rows = dict(zip(DEFAULT_FORMATS, report["files"][1:], strict=True))
    for file_format, row in rows.items():
        required = keras_f2a.export.parity.REQUIRED_PARITY[file_format]
        assert (row["parity"]["parity"] or np.inf) >= required
        assert not row["shortcomings"]
        assert abs(row["parity"]["psnr_change"]) <= keras_f2a.export.parity.MAX_LOSS
        assert row["seconds"] > 0
        assert row["peak_memory"] > 1e7
    assert rows["int8"]["size"] < rows["float16"]["size"] < rows["float32"]["size"]
    table = (folder / "report.md").read_text()
    assert table in printed
    names = {path for path in map(Path, printed.splitlines()) if path.parent == folder}
    assert names == {path for path in folder.iterdir() if path.is_file()}
    assert folder / "flash_to_ambient/3" in map(Path, printed.splitlines())
    assert all(f"_{name}.tflite" in table for name in TFLITE_FORMATS)


@pytest.mark.parametrize("file_format", TFLITE_FORMATS)
def test_files_hold_only_what_the_network_needs(exported, file_format):
    card = json.loads(exported.file(file_format).with_suffix(".json").read_text())
    names = {operator.split()[0] for operator in card["operators"]}
    allowed = {"float32": set(), "float16": {"DEQUANTIZE"}}
    assert names == NEEDED | allowed.get(file_format, {"QUANTIZE", "DEQUANTIZE"})
    counts = {name.split()[0]: count for name, count in card["operators"].items()}
    assert counts["STRIDED_SLICE"] == counts["TRANSPOSE_CONV"] == 4
    if file_format.startswith("int8"):
        assert counts["DEQUANTIZE"] == 1


@pytest.mark.parametrize("file_format", TFLITE_FORMATS)
def test_an_app_can_read_what_a_file_is(exported, file_format):
    from ai_edge_litert.interpreter import Interpreter

    path = exported.file(file_format)
    metadata = read_metadata(path)
    assert (metadata["version"], metadata["format"]) == (3, file_format)
    assert metadata["input"] == {
        "name": "flash",
        "shape": [1, 48, 64, 3],
        "type": "float32",
        "value_range": [0.0, 1.0],
        "colour_order": "RGB",
        "layout": "batch, height, width, channel",
    }
    interpreter = Interpreter(str(path))
    assert interpreter.get_signature_list() == {
        "correct": {"inputs": ["flash"], "outputs": ["ambient"]}
    }
    for details, name in (
        (interpreter.get_input_details(), "flash"),
        (interpreter.get_output_details(), "ambient"),
    ):
        [tensor] = details
        assert (tensor["name"], tensor["dtype"]) == (name, np.float32)
        assert tensor["shape_signature"].tolist() == [1, 48, 64, 3]


def test_the_card_proves_the_file(exported):
    path = exported.file("int8")
    card = json.loads(path.with_suffix(".json").read_text())
    assert card["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert card["measured"]["size"] == path.stat().st_size
    assert card["pairs"]["calibration"]["pairs"] == 48
    assert card["pairs"]["held_out"]["pairs"] == 8
    assert {"tensorflow", "ai-edge-litert"} <= set(card["versions"])


def test_a_file_below_the_gate_is_not_kept_unless_it_is_allowed(
    tmp_path, run_directory, monkeypatch
):
    monkeypatch.setitem(keras_f2a.export.parity.REQUIRED_PARITY, "float16", 200.0)
    settings = {"model": str(run_directory), "output": str(tmp_path), "sizes": (SIZE,)}
    result = export_generator(ExportSettings(**settings, formats=("float16", "float32")))
    assert [row.name for row in result.missed] == ["flash_to_ambient_64x48_float16.tflite"]
    assert "below 200 dB" in result.table
    assert names_in(tmp_path) == [
        "flash_to_ambient_64x48_float32.json",
        "flash_to_ambient_64x48_float32.tflite",
        "report.json",
        "report.md",
    ]
    settings["allow_inexact"] = True
    result = export_generator(ExportSettings(**settings, formats=("float16",)))
    assert len(result.missed) == 1
    assert (tmp_path / "flash_to_ambient_64x48_float16.tflite").is_file()


def test_a_file_that_computes_something_else_misses_its_gate(tmp_path, run_directory, monkeypatch):
    def of_another_generator(generator, *arguments, **more):
        other = keras.models.clone_model(generator)
        other.set_weights(generator.get_weights())
        output = other.get_layer("output_conv")
        kernel, bias = output.get_weights()
        output.set_weights([kernel, bias + 0.1])
        return convert(other, *arguments, **more)

    monkeypatch.setattr(keras_f2a.export.tflite_formats, "convert", of_another_generator)
    formats = ("float32", "int8")
    result = export_generator(
        ExportSettings(str(run_directory), str(tmp_path), formats, sizes=(SIZE,))
    )
    assert [row.name.rsplit("_")[-1] for row in result.missed] == ["float32.tflite", "int8.tflite"]
    assert names_in(tmp_path) == ["report.json", "report.md"]


def test_a_file_that_does_not_run_leaves_nothing_and_is_named(tmp_path, run_directory, monkeypatch):
    path = tmp_path / "flash_to_ambient_64x48_float32.tflite"

    def without_weights(content, *_, **__):
        model = flatbuffer_utils.convert_bytearray_to_object(bytearray(content))
        model.buffers = [schema.BufferT() for _ in model.buffers]
        return bytes(flatbuffer_utils.convert_object_to_bytearray(model))

    monkeypatch.setattr(keras_f2a.export.tflite_formats, "describe", without_weights)
    settings = ExportSettings(str(run_directory), str(tmp_path), ("float32",), sizes=(SIZE,))
    with pytest.raises(WorkError, match=f"{path}: the file was written but does not run"):
        export_generator(settings)
    assert names_in(tmp_path) == []


@pytest.fixture(scope="module")
def export_once(tmp_path_factory):
    """Return a function that exports a generator in two sizes, and equal generators only once."""
    folders = {}

    def export(generator):
        weights = hashlib.sha256(b"".join(weight.tobytes() for weight in generator.get_weights()))
        same = (type(generator), str(generator.get_config()), weights.hexdigest())
        if same not in folders:
            folder = tmp_path_factory.mktemp("condition")
            generator.save(folder / "generator.keras")
            settings = ExportSettings(
                str(folder), str(folder / "files"), ("float32",), sizes=(ImageSize(32, 48), SIZE)
            )
            assert not export_generator(settings).missed
            folders[same] = folder / "files"
        return folders[same]

    return export


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        *((condition, None) for condition in CONDITIONS),
        *(("reconstruction", name) for name in generators()),
    ],
)
def test_what_every_condition_trains_is_exported_or_refused(condition, kind, export_once):
    keras.utils.set_random_seed(2)
    generator = build_generator(condition, NetworkSettings(width=1 / 16, generator=kind))
    if condition == "deepflash":
        with pytest.raises(InputError, match="predicts differences"):
            export_once(generator)
        return
    path = export_once(generator) / "flash_to_ambient_64x48_float32.tflite"
    image = np.random.default_rng(0).random((1, 48, 64, 3), np.float32)
    outputs = run_tflite(path, image, threads=1).outputs
    np.testing.assert_allclose(outputs, generator(image), atol=1e-5)


@pytest.mark.parametrize("kind", ["unet", "small", "light"])
def test_quantization_aware_training_is_for_vgg16_generators(kind, tmp_path):
    networks = NetworkSettings(width=1 / 16, generator=kind)
    build_generator("reconstruction", networks).save(tmp_path / "generator.keras")
    settings = ExportSettings(str(tmp_path), str(tmp_path), ("int8_qat",), sizes=(SIZE,))
    with pytest.raises(InputError, match="not a VGG16 generator"):
        export_generator(settings)


def test_formats_that_nobody_named_are_those_that_the_network_supports(tmp_path, warm_probes):
    networks = NetworkSettings(width=1 / 16, generator="small")
    build_generator("reconstruction", networks).save(tmp_path / "generator.keras")
    settings = ExportSettings(str(tmp_path), str(tmp_path / "out"), sizes=(ImageSize(32, 48),))
    names = {row.name for row in export_generator(settings).rows}
    assert {"flash_to_ambient_48x32_int8.tflite", "flash_to_ambient.onnx"} <= names
    assert not any("int8_qat" in name for name in names)
