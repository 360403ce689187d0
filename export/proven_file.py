"""Checks an exported `.tflite` file before it is installed in a demo."""

import struct
from pathlib import Path

from ai_edge_litert import schema_py_generated as schema

from keras_f2a.model_files.bundled import is_bundled_file
from keras_f2a.model_files.card import check_digest, check_same_generator, read_card
from keras_f2a.model_files.placed_light_names import DECODE, ENCODE
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

from .settings import ImageSize


def check_proven(model: Path) -> None:
    """Check that a file matches its card and passed its gate.

    Raises:
        InputError: The file or the card does not exist, they do not match, or the file missed its
            gate.
    """
    if not model.is_file():
        raise InputError(
            "there is no such file; name an exported .tflite file", setting="model", value=model
        )
    try:
        card = read_card(model)
        shortcomings = _shortcomings(card)
    except InputError as error:
        raise InputError(
            f"has no valid card ({error.message}); export it again to write a card next to it",
            setting="model",
            value=model,
        ) from error
    check_digest(model, card)
    if shortcomings:
        raise InputError(
            f"missed its gate: {printable('; '.join(shortcomings))[:_MAX_MESSAGE_LENGTH]}",
            setting="model",
            value=model,
        )


def is_placed_light(model: Path) -> bool:
    """Return whether a `.tflite` file has the signatures of a network for placed light.

    Raises:
        InputError: The file is damaged.
    """
    try:
        return set(_signatures(model)) >= {ENCODE, DECODE}
    except _PARSE_ERRORS as error:
        raise _damaged_error(model) from error


def check_sibling(model: Path, sibling: Path) -> None:
    """Check the file of the other orientation that is installed in a demo with a model.

    Raises:
        InputError: The file does not match its card, missed its gate, is a different kind of
            network than the model, or comes from another generator. Or its images are not float32
            with the model's width and height swapped.
    """
    check_proven(sibling)
    if is_placed_light(sibling) != is_placed_light(model):
        raise InputError(f"{sibling.name} is another kind of network", setting="model", value=model)
    check_same_generator(model, sibling)
    size, sibling_size = image_size(model), image_size(sibling)
    if (sibling_size.width, sibling_size.height) != size:
        raise InputError(
            f"{sibling.name} is for images of {sibling_size}, which is not the other orientation "
            f"of {size}; export both again",
            setting="model",
            value=model,
        )


def follows_rules(model: Path, rules: str) -> bool:
    """Return whether a demo applies the rules of light to a model's light.

    Args:
        model: The model's `.tflite` file.
        rules: "on", "off", or "auto", which is on for the package's models and for placed light.
    """
    return rules == "on" or (rules == "auto" and (is_bundled_file(model) or is_placed_light(model)))


def image_size(model: Path) -> ImageSize:
    """Return the size of the images that a file takes and returns.

    Args:
        model: The file of a generator or of a network for placed light. The latter returns gains
            of the images' size.

    Raises:
        InputError: The input or output is not one float32 RGB image of a fixed size.
    """
    try:
        input_shape, output_shape = _image_shapes(model)
    except InputError:
        raise
    except _PARSE_ERRORS as error:
        raise _damaged_error(model) from error
    is_image = len(input_shape) == 4 and (input_shape[0], input_shape[3]) == (1, 3)
    if input_shape != output_shape or not is_image or min(input_shape) < 1:
        raise InputError(
            "the demos need one RGB image of a fixed size as input and output, not "
            f"{input_shape} and {output_shape}; export it with `sizes`",
            setting="model",
            value=model,
        )
    return ImageSize(*input_shape[1:3])


_CARD_TYPES = {"name": str, "version": int, "format": str}  # The page shows these.
_MAX_MESSAGE_LENGTH = 300  # maximum characters of shortcomings in a message
# Exceptions that damaged files cause, for example when an offset points outside the file.
_PARSE_ERRORS = (struct.error, IndexError, AttributeError, TypeError, ValueError, OverflowError)


def _shortcomings(card: dict) -> list[str]:
    """Return the shortcomings in a card, after validation because it may have been edited."""
    for key, expected_type in _CARD_TYPES.items():
        if type(card.get(key)) is not expected_type:
            raise InputError(f"its {key} is missing or not a {expected_type.__name__}")
    measured = card.get("measured")
    shortcomings = measured.get("shortcomings") if isinstance(measured, dict) else None
    if not isinstance(shortcomings, list) or not all(
        isinstance(text, str) for text in shortcomings
    ):
        raise InputError("it does not say what was measured")
    return shortcomings


def _damaged_error(model: Path) -> InputError:
    return InputError(
        "damaged, or not a .tflite file; export it again", setting="model", value=model
    )


def _signatures(model: Path) -> dict[str, int]:
    """Return the index of each signature's graph by the signature's name."""
    content = schema.Model.GetRootAs(model.read_bytes())
    definitions = (content.SignatureDefs(index) for index in range(content.SignatureDefsLength()))
    return {
        (definition.SignatureKey() or b"").decode(): definition.SubgraphIndex()
        for definition in definitions
    }


def _image_shapes(model: Path) -> tuple[tuple[int, ...], tuple[int, ...]]:
    content, signatures = schema.Model.GetRootAs(model.read_bytes()), _signatures(model)
    if signatures.keys() >= {ENCODE, DECODE}:
        return _placed_light_shapes(model, content, signatures)
    graph = content.Subgraphs(0)
    if (graph.InputsLength(), graph.OutputsLength()) != (1, 1):
        raise InputError(
            "not a generator: it must take and return one image", setting="model", value=model
        )
    tensors = graph.Tensors(graph.Inputs(0)), graph.Tensors(graph.Outputs(0))
    _check_floats(model, tensors)
    return _shape(tensors[0]), _shape(tensors[1])


def _placed_light_shapes(
    model: Path, content: schema.Model, signatures: dict[str, int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the shapes of the photograph and of the gain, as if the gain had three channels."""
    encode, decode = (content.Subgraphs(signatures[name]) for name in (ENCODE, DECODE))
    if (encode.InputsLength(), decode.OutputsLength()) != (1, 1):
        raise InputError(
            "not a network for placed light: it must take one photograph and return one gain",
            setting="model",
            value=model,
        )
    tensors = encode.Tensors(encode.Inputs(0)), decode.Tensors(decode.Outputs(0))
    _check_floats(model, tensors)
    gain = _shape(tensors[1])
    return _shape(tensors[0]), (*gain[:3], 3) if gain[3:] == (1,) else gain


def _check_floats(model: Path, tensors: tuple[schema.Tensor, ...]) -> None:
    if any(tensor.Type() != schema.TensorType.FLOAT32 for tensor in tensors):
        raise InputError("the demos need float32 input and output", setting="model", value=model)


def _shape(tensor) -> tuple[int, ...]:
    """Return the shape of a tensor, with -1 for dynamic sides."""
    has_signature = tensor.ShapeSignatureLength() > 0
    sides = tensor.ShapeSignatureAsNumpy() if has_signature else tensor.ShapeAsNumpy()
    return tuple(map(int, sides)) if tensor.ShapeLength() else ()
