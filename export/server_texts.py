"""Texts for a model on Triton: its configuration, its readme and example requests."""

import json

import numpy as np

from .about import About
from .formats import INPUT, OUTPUT

BINARY_HEADER = "Inference-Header-Content-Length"
"""HTTP header with the number of JSON bytes in a binary request."""
MAX_BATCH_SIZE = 8
_CONFIGURATION = """\
# {name}: flash photographs in, the same photographs in ambient light out.
# All images of a batch have the same size. README.md beside this file explains the values.
name: "{name}"
backend: "onnxruntime"
max_batch_size: {batch}
input [ {{ name: "{source}" data_type: TYPE_FP32 dims: [ -1, -1, 3 ] }} ]
output [ {{ name: "{result}" data_type: TYPE_FP32 dims: [ -1, -1, 3 ] }} ]
instance_group [ {{ kind: KIND_AUTO count: 1 }} ]
"""
_README = """\
# {name}

{description}

{terms}

| tensor | type | shape | values |
|---|---|---|---|
| `{source}`, in | FP32 | number, height, width, 3 | sRGB as stored, red first, levels / 255 |
| `{result}`, out | FP32 | the same | the same, but may slightly exceed 0 to 1 |

1. **Before.** Turn the photograph upright and convert it to sRGB. Shrink it to about 320x240
   pixels. Divide the 8-bit levels by 255.
2. **After.** `{result}` has the size of `{source}`. Clip it to [0, 1], multiply it by 255, and
   round. To correct a large photograph, carry the effect of the small copy over to it, as
   `keras_f2a.correction.full_resolution` specifies. Do not enlarge the result.

The server also accepts photographs of full size. Its memory use grows with their pixels.
"""


def configuration(name: str) -> str:
    """Return the text of `config.pbtxt`.

    Args:
        name: The model's name, which is also its folder's.
    """
    return _CONFIGURATION.format(name=name, batch=MAX_BATCH_SIZE, source=INPUT, result=OUTPUT)


def readme(name: str, about: About) -> str:
    """Return a page that describes the tensors and the steps before and after the model.

    Args:
        name: The model's name.
        about: The description of the model.
    """
    terms = f"Author: {about.author or 'not stated'}. License: {about.license or 'not stated'}."
    return _README.format(
        name=name, description=about.description, terms=terms, source=INPUT, result=OUTPUT
    )


def json_request(images: np.ndarray) -> dict:
    """Return a request in the Open Inference Protocol (KServe v2), which Triton supports too.

    Send it to `POST /v2/models/NAME/infer`.

    Args:
        images: float32 RGB in [0, 1], (number, height, width, 3).
    """
    images = np.asarray(images, np.float32)
    # Use the shortest decimal of each float32.
    numbers = [float(str(number)) for number in images.ravel()]
    return {
        "inputs": [
            {"name": INPUT, "shape": list(images.shape), "datatype": "FP32", "data": numbers}
        ],
        "outputs": [{"name": OUTPUT}],
    }


def binary_request(images: np.ndarray) -> tuple[dict[str, str], bytes]:
    """Return headers and body of the request in Triton's binary form, at a fifth of the size.

    Args:
        images: float32 RGB in [0, 1], (number, height, width, 3).
    """
    content = np.ascontiguousarray(images, "<f4").tobytes()
    request = json_request(np.empty((0, *images.shape[1:]), np.float32))
    [tensor] = request["inputs"]
    del tensor["data"]
    tensor |= {"shape": list(images.shape), "parameters": {"binary_data_size": len(content)}}
    request["outputs"][0]["parameters"] = {"binary_data": True}
    header = json.dumps(request).encode()
    headers = {"Content-Type": "application/octet-stream", BINARY_HEADER: str(len(header))}
    return headers, header + content
