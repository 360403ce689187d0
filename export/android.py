"""Puts an exported `.tflite` file into the Android project, as the model that its app runs."""

import hashlib
import shutil
from pathlib import Path

from keras_f2a.support.atomic_file import atomic_path, write_text
from keras_f2a.support.errors import InputError, one_line

from .proven_file import check_proven, image_size
from .settings import ANDROID_DEMO

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
    check_proven(model)
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
            "no Android project (no app/src/main in it); run this in a checkout of keras_f2a, or "
            f"name its folder {ANDROID_DEMO} or a copy of it",
            setting="android",
            value=project,
        )


def properties_of(model: Path) -> dict[str, str | int]:
    """Returns what `model.properties` says of a `.tflite` file.

    Raises:
        InputError: Its input or output is not one float32 RGB image of a fixed size.
    """
    content = model.read_bytes()
    size = image_size(model)
    return {
        "name": model.stem,
        "file": MODEL_FILE,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "height": size.height,
        "width": size.width,
    }
