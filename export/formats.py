"""The formats that a generator is exported to: what each needs, and how near it must come."""

from collections.abc import Mapping
from dataclasses import dataclass, field

INPUT, OUTPUT = "flash", "ambient"
"""The names of the tensors of every exported network."""


@dataclass(frozen=True)
class ExportFormat:
    """What is known of a format before anything is written; `export.writers` has its writer.

    Attributes:
        required_parity: The least PSNR in dB of its output against the Keras model's, as the
            images' mean.
        packages: What must be installed: each module that is imported, and its package's name.
        suffix: Of its files; empty for a folder.
        any_size: Whether one file takes images of any size.
        asked_for: Whether it is written only when it is named.
    """

    required_parity: float
    packages: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""
    any_size: bool = False
    asked_for: bool = False


_LITERT = {"ai_edge_litert": "ai-edge-litert"}
_QUANTIZER = {"litert_quantizer": "litert-quantizer"}
_QUANTIZATION_AWARE = {
    "tf_keras": "tf-keras",
    "tensorflow_model_optimization": "tensorflow-model-optimization",
}
_ONNX = {"onnx": "onnx", "onnxruntime": "onnxruntime", "tf2onnx": "tf2onnx"}

FORMATS = {
    "saved_model": ExportFormat(
        90.0, {"tensorflow_serving": "tensorflow-serving-api"}, any_size=True
    ),
    "float32": ExportFormat(90.0, _LITERT, ".tflite"),
    "float16": ExportFormat(60.0, _LITERT, ".tflite"),
    "int8": ExportFormat(38.0, _LITERT | _QUANTIZER, ".tflite"),
    "int8_qat": ExportFormat(38.0, _LITERT | _QUANTIZATION_AWARE, ".tflite"),
    "onnx": ExportFormat(90.0, _ONNX, ".onnx", any_size=True),
    "onnx_int8": ExportFormat(38.0, _ONNX, ".onnx"),
    "triton": ExportFormat(90.0, _ONNX, any_size=True, asked_for=True),
    "darktable": ExportFormat(90.0, _ONNX, ".dtmodel", any_size=True, asked_for=True),
}
"""Every format by its name."""


def names(suffix: str | None = None) -> tuple[str, ...]:
    """Return the names of the formats.

    Args:
        suffix: Only those whose files have it; `None` for all.
    """
    return tuple(
        name for name, found in FORMATS.items() if suffix is None or found.suffix == suffix
    )
