"""What a demo asks of an exported `.tflite` file before it is put into it."""

import hashlib
import json
from pathlib import Path

from ai_edge_litert import schema_py_generated as schema

from keras_f2a.support.errors import InputError

from .settings import ImageSize


def check_proven(model: Path) -> None:
    """Checks that a file is the one of the card beside it, and that it passed its gate.

    Raises:
        InputError: There is no such file or card, they do not belong together, or the file missed
            its gate.
    """
    if not model.is_file():
        raise InputError(
            "there is no such file; name an exported .tflite file", setting="model", value=model
        )
    card_path = model.with_suffix(".json")
    try:
        card = json.loads(card_path.read_text(encoding="utf-8"))
        digest, shortcomings = card["sha256"], card["measured"]["shortcomings"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"nothing proves it: {card_path.name}, the card that an export writes beside a file, "
            "is missing or damaged; export it again",
            setting="model",
            value=model,
        ) from error
    if digest != hashlib.sha256(model.read_bytes()).hexdigest():
        raise InputError(
            f"not the file that {card_path.name} was written for", setting="model", value=model
        )
    if shortcomings:
        raise InputError(
            f"missed its gate: {'; '.join(shortcomings)}", setting="model", value=model
        )


def image_size(model: Path) -> ImageSize:
    """Returns the size of the images that a file takes and returns.

    Raises:
        InputError: Its input or output is not one float32 RGB image of a fixed size.
    """
    graph = schema.Model.GetRootAs(model.read_bytes()).Subgraphs(0)
    if (graph.InputsLength(), graph.OutputsLength()) != (1, 1):
        raise InputError(
            "not a generator: one image in, one image out", setting="model", value=model
        )
    tensors = graph.Tensors(graph.Inputs(0)), graph.Tensors(graph.Outputs(0))
    if any(tensor.Type() != schema.TensorType.FLOAT32 for tensor in tensors):
        raise InputError(
            "its input and output must be float32 for the demos", setting="model", value=model
        )
    into, out = map(_shape, tensors)
    if into != out or len(into) != 4 or (into[0], into[3]) != (1, 3) or min(into) < 1:
        raise InputError(
            "the demos need one RGB image of a fixed size, in and out, not "
            f"{into} and {out}; export it with `sizes`",
            setting="model",
            value=model,
        )
    return ImageSize(*into[1:3])


def _shape(tensor) -> tuple[int, ...]:
    """The sides of a tensor, -1 for those that may have any length."""
    has_signature = tensor.ShapeSignatureLength() > 0
    sides = tensor.ShapeSignatureAsNumpy() if has_signature else tensor.ShapeAsNumpy()
    return tuple(map(int, sides)) if tensor.ShapeLength() else ()
