"""Post-training quantization of an ONNX network: 8-bit integers between input and output."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationMethod, QuantType, TensorsData, quant_pre_process
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from keras_f2a.support.errors import WorkError, one_line
from keras_f2a.support.quiet_tensorflow import silenced

from .calibration import calibrated_range

_WEIGHTED_OPERATORS = ("Conv", "ConvTranspose", "MatMul", "Gemm")


def quantize(model: onnx.ModelProto, images: Sequence[np.ndarray]) -> onnx.ModelProto:
    """Quantize a network in QDQ form: 8-bit activations and 7-bit weights with per-channel scales.

    With 8-bit weights, the 16-bit sums of processors without VNNI instructions would saturate. On
    such a processor, the package's network lost 10 dB.

    Args:
        model: A network of a fixed size from `export.onnx_file.onnx_network`.
        images: Calibration images, float32 RGB in [0, 1], each (1, height, width, 3).

    Raises:
        WorkError: ONNX Runtime's quantizer failed.
    """
    try:
        with silenced(), tempfile.TemporaryDirectory() as folder:
            preprocessed = _preprocess(model, Path(folder))
            operators = sorted({node.op_type for node in preprocessed.graph.node})
            quantizer = QDQQuantizer(
                preprocessed,
                per_channel=True,
                reduce_range=True,
                weight_qType=QuantType.QInt8,
                activation_qType=QuantType.QUInt8,
                tensors_range=TensorsData(CalibrationMethod.MinMax, _ranges(preprocessed, images)),
                nodes_to_quantize=[],
                nodes_to_exclude=[],
                op_types_to_quantize=operators,
                extra_options={"WeightSymmetric": True, "ActivationSymmetric": False},
            )
            quantizer.quantize_model()
            quantizer.model.topological_sort()
            return quantizer.model.model
    except Exception as error:  # The quantizer raises many types of exceptions.
        raise WorkError(f"the network could not be quantized ({one_line(error)})") from error


def check_integers(model: onnx.ModelProto) -> None:
    """Check that every layer with weights is quantized.

    Raises:
        WorkError: A layer still computes in floating point.
    """
    integers = {node.output[0] for node in model.graph.node if node.op_type == "DequantizeLinear"}
    for node in model.graph.node:
        if node.op_type in _WEIGHTED_OPERATORS and not integers.issuperset(node.input[:2]):
            raise WorkError(f"the quantized network still computes {node.name} in floating point")


def _preprocess(model: onnx.ModelProto, folder: Path) -> onnx.ModelProto:
    """Return the network with folded constants and inferred types of all tensors."""
    before, after = folder / "network.onnx", folder / "prepared.onnx"
    onnx.save(model, before)
    quant_pre_process(before, after, skip_symbolic_shape=True)
    return onnx.load(after)


def _ranges(
    model: onnx.ModelProto, images: Sequence[np.ndarray]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    session = _session_with_every_tensor(model)
    [input_name] = [value.name for value in session.get_inputs()]
    names = [value.name for value in session.get_outputs()]
    lows, highs = [], []
    for image in images:
        tensors = [image, *session.run(names, {input_name: image})]
        lows.append([tensor.min() for tensor in tensors])
        highs.append([tensor.max() for tensor in tensors])
    low, high = calibrated_range(np.array(lows, np.float32), np.array(highs, np.float32))
    return dict(zip((input_name, *names), zip(low, high, strict=True), strict=True))


def _session_with_every_tensor(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    output_names = {value.name for value in copy.graph.output}
    for value in onnx.shape_inference.infer_shapes(model).graph.value_info:
        is_float = value.type.tensor_type.elem_type == onnx.TensorProto.FLOAT
        if is_float and value.name not in output_names:
            copy.graph.output.append(value)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        copy.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
