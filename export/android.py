"""Puts an exported `.tflite` file into the Android project, as the model that its app runs."""

import hashlib
import json
import shutil
from pathlib import Path

from ai_edge_litert import schema_py_generated as schema

from export.settings import ANDROID_DEMO, ImageSize
from keras_f2a.support.atomic_file import atomic_path, write_text
from keras_f2a.support.errors import InputError, one_line

MODEL_FILE = "app/src/main/assets/model.tflite"
PROPERTIES_FILE = "model.properties"


def put_into_app(model: str | Path, project: str | Path = ANDROID_DEMO) -> list[Path]:
    """Copies a proven `.tflite` file into an Android project, which checks it when it is built.

    Beside it goes `model.properties`: the file's name and place, its digest, its size in bytes, and
    the only size of its images.

    Args:
        model: The file; its card, as the export wrote it, lies beside it.
        project: The folder of the Android project.

    Returns:
        The two files.

    Raises:
        InputError: There is no such file or project, the file is not the one that its card was
            written for or missed its gate, or it is not for images of one size in float32.
    """
    model, project = Path(model), Path(project)
    check_project(project)
    if not model.is_file():
        raise InputError(
            "there is no such file; name an exported .tflite file", setting="model", value=model
        )
    _check_card(model)
    properties = properties_of(model)
    asset = project / MODEL_FILE
    try:
        asset.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(asset) as temporary:
            shutil.copyfile(model, temporary)
        lines = [f"{key}={value}\n" for key, value in properties.items()]
        write_text(project / PROPERTIES_FILE, "".join(lines))
    except OSError as error:
        raise InputError(
            f"cannot be written ({one_line(error)})", setting="android", value=project
        ) from error
    return [asset, project / PROPERTIES_FILE]


def check_project(project: str | Path) -> None:
    """Checks that a folder is an Android project that can take a model.

    Raises:
        InputError: It is none.
    """
    if not (Path(project) / "app/src/main").is_dir():
        raise InputError(
            f"no Android project (no app/src/main in it); name {ANDROID_DEMO} of a checkout or a "
            "copy of it",
            setting="android",
            value=project,
        )


def properties_of(model: Path) -> dict[str, str | int]:
    """Returns what `model.properties` says of a `.tflite` file.

    Raises:
        InputError: Its input or output is not one float32 RGB image of a fixed size.
    """
    content = model.read_bytes()
    size = _image_size(model, content)
    return {
        "name": model.stem,
        "file": MODEL_FILE,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "height": size.height,
        "width": size.width,
    }


def _check_card(model: Path) -> None:
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


def _image_size(model: Path, content: bytes) -> ImageSize:
    graph = schema.Model.GetRootAs(content).Subgraphs(0)
    if (graph.InputsLength(), graph.OutputsLength()) != (1, 1):
        raise InputError(
            "not a generator: one image in, one image out", setting="model", value=model
        )
    tensors = graph.Tensors(graph.Inputs(0)), graph.Tensors(graph.Outputs(0))
    if any(tensor.Type() != schema.TensorType.FLOAT32 for tensor in tensors):
        raise InputError(
            "its input and output must be float32 for the app", setting="model", value=model
        )
    into, out = map(_shape, tensors)
    if into != out or len(into) != 4 or (into[0], into[3]) != (1, 3) or min(into) < 1:
        raise InputError(
            f"the app needs one RGB image of a fixed size, in and out, not {into} and {out}; "
            "export it with `sizes`",
            setting="model",
            value=model,
        )
    return ImageSize(*into[1:3])


def _shape(tensor) -> tuple[int, ...]:
    """The sides of a tensor, -1 for those that may have any length."""
    has_signature = tensor.ShapeSignatureLength() > 0
    sides = tensor.ShapeSignatureAsNumpy() if has_signature else tensor.ShapeAsNumpy()
    return tuple(map(int, sides)) if tensor.ShapeLength() else ()
