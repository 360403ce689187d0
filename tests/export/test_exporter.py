import hashlib
import json

import keras
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.tools import flatbuffer_utils

import export.exporter
import export.parity
import keras_f2a
from export import ExportSettings, export_generator, read_metadata
from export.probe import run_tflite
from export.settings import FORMATS, TFLITE_FORMATS, ImageSize
from keras_f2a.support.errors import InputError, WorkError

SIZE = ImageSize(48, 64)
NEEDED = {"CONCATENATION", "CONV_2D", "LOGISTIC", "MAX_POOL_2D", "MUL", "STRIDED_SLICE"}
NEEDED |= {"TRANSPOSE_CONV"}


def test_every_format_is_written_measured_and_passes(exported):
    result, folder, report = exported
    assert not result.missed
    rows = dict(zip(FORMATS, report["files"][1:], strict=True))
    for file_format, row in rows.items():
        required = export.parity.REQUIRED_PARITY[file_format]
        assert (row["parity"]["parity"] or np.inf) >= required
        assert abs(row["parity"]["psnr_change"]) <= export.parity.LARGEST_LOSS
        assert row["seconds"] > 0
        assert row["peak_memory"] > 1e7
    assert rows["int8"]["size"] < rows["float16"]["size"] < rows["float32"]["size"]
    for path in result.files:
        assert path.exists()
    table = (folder / "report.md").read_text()
    assert table == result.table
    assert all(f"_{name}.tflite" in table for name in TFLITE_FORMATS)


@pytest.mark.parametrize("file_format", TFLITE_FORMATS)
def test_files_hold_only_what_the_network_needs(exported, file_format):
    card = json.loads((exported[1] / f"flash_to_ambient_64x48_{file_format}.json").read_text())
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

    path = exported[1] / f"flash_to_ambient_64x48_{file_format}.tflite"
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
    path = exported[1] / "flash_to_ambient_64x48_int8.tflite"
    card = json.loads(path.with_suffix(".json").read_text())
    assert card["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert card["measured"]["size"] == path.stat().st_size
    assert card["pairs"]["calibration"]["pairs"] == 48
    assert card["pairs"]["held_out"]["pairs"] == 8
    assert {"tensorflow", "ai-edge-litert"} <= set(card["versions"])


def test_a_file_below_the_gate_is_not_kept_unless_it_is_allowed(tmp_path, generator, monkeypatch):
    generator.save(tmp_path / "generator.keras")
    monkeypatch.setitem(export.parity.REQUIRED_PARITY, "float16", 200.0)
    settings = {"model": str(tmp_path), "output": str(tmp_path), "sizes": (SIZE,)}
    result = export_generator(ExportSettings(**settings, formats=("float16", "float32")))
    assert [row.name for row in result.missed] == ["flash_to_ambient_64x48_float16.tflite"]
    assert "below 200 dB" in result.table
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "flash_to_ambient_64x48_float32.json",
        "flash_to_ambient_64x48_float32.tflite",
        "generator.keras",
        "report.json",
        "report.md",
    ]
    settings["allow_inexact"] = True
    result = export_generator(ExportSettings(**settings, formats=("float16",)))
    assert len(result.missed) == 1
    assert (tmp_path / "flash_to_ambient_64x48_float16.tflite").is_file()


def test_a_file_that_does_not_run_leaves_nothing_and_is_named(tmp_path, generator, monkeypatch):
    generator.save(tmp_path / "generator.keras")
    path = tmp_path / "flash_to_ambient_64x48_float32.tflite"

    def without_weights(content, *_):
        model = flatbuffer_utils.convert_bytearray_to_object(bytearray(content))
        model.buffers = [schema.BufferT() for _ in model.buffers]
        return bytes(flatbuffer_utils.convert_object_to_bytearray(model))

    monkeypatch.setattr(export.exporter, "describe", without_weights)
    settings = ExportSettings(str(tmp_path), str(tmp_path), ("float32",), sizes=(SIZE,))
    with pytest.raises(WorkError, match=f"{path}: the file was written but does not run"):
        export_generator(settings)
    assert [path.name for path in tmp_path.iterdir()] == ["generator.keras"]


def test_several_sizes_and_a_unet(tmp_path):
    keras.utils.set_random_seed(2)
    generator = keras_f2a.UNetGenerator(width=1 / 16)
    generator.save(tmp_path / "unet.keras")
    sizes = (ImageSize(32, 48), ImageSize(48, 32))
    settings = ExportSettings(
        str(tmp_path / "unet.keras"), str(tmp_path), ("float32",), sizes=sizes, name="unet"
    )
    assert not export_generator(settings).missed
    image = np.random.default_rng(0).random((1, 48, 32, 3), np.float32)
    outputs = run_tflite(tmp_path / "unet_32x48_float32.tflite", image, threads=1).outputs
    np.testing.assert_allclose(outputs, generator(image), atol=1e-5)
    with pytest.raises(InputError, match="not a VGG16 generator"):
        export_generator(
            ExportSettings(str(tmp_path / "unet.keras"), str(tmp_path), ("int8_qat",), sizes=sizes)
        )
