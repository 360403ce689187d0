"""Installs an exported `.tflite` file as the model of the Android project's app.

The app does the same as `keras_f2a.Corrector`. So it also gets the file of the other orientation if
there is one next to the model. The package's models and networks for placed light come with the
face detector too. The app applies the rules of light if the face detector is among its assets.
"""

import hashlib
import shutil
from pathlib import Path

from keras_f2a.model_files.bundled import FACE_DETECTOR
from keras_f2a.model_files.tflite_names import sibling_file
from keras_f2a.support.atomic_file import atomic_path, write_text
from keras_f2a.support.errors import InputError, one_line

from .proven_file import check_proven, check_sibling, follows_rules, image_size
from .settings import ANDROID_DEMO

ASSETS = "app/src/main/assets"
MODEL_FILE = f"{ASSETS}/model.tflite"
SIBLING_FILE = f"{ASSETS}/sibling.tflite"
FACES_FILE = f"{ASSETS}/faces.tflite"
PROPERTIES_FILE = "model.properties"


def put_into_app(
    model: str | Path, project: str | Path = ANDROID_DEMO, *, rules: str = "auto"
) -> list[Path]:
    """Copy a `.tflite` file that passed its gate to an Android project, whose build checks it.

    This also writes the other files of `app_assets` and `model.properties`. The latter has the
    file's name, path and size in bytes, its image size, and the digest of each asset. Other assets
    of an earlier model are deleted.

    Args:
        model: The file, with the card that the export wrote next to it.
        project: The folder of the Android project.
        rules: Whether to apply the model's light with the rules of light: "on", "off", or "auto",
            which is on for the package's models and for placed light.

    Returns:
        The files that were written, `model.properties` last.

    Raises:
        InputError: The file or the project does not exist. Or the file, or that of the other
            orientation, does not match its card, missed its gate, has no fixed float32 image size,
            or is another kind of network.
    """
    model, project = Path(model), Path(project)
    check_project(project)
    check_proven(model)
    assets = app_assets(model, rules)
    if SIBLING_FILE in assets:
        check_sibling(model, assets[SIBLING_FILE])
    properties = model_properties(model, rules)
    try:
        (project / ASSETS).mkdir(parents=True, exist_ok=True)
        for name in (SIBLING_FILE, FACES_FILE):
            (project / name).unlink(missing_ok=True)
        for name, source in assets.items():
            with atomic_path(project / name) as temporary:
                shutil.copyfile(source, temporary)
        lines = [f"{key}={value}\n" for key, value in properties.items()]
        write_text(project / PROPERTIES_FILE, "".join(lines))
    except OSError as error:
        raise InputError(
            f"cannot be written ({one_line(error)})", setting="android", value=project
        ) from error
    return [project / name for name in (*assets, PROPERTIES_FILE)]


def app_assets(model: Path, rules: str = "auto") -> dict[str, Path]:
    """Return the files that an app needs for a model, by their path in the project.

    Args:
        model: The `.tflite` file. The result includes the file of the other orientation if there
            is one next to it, and the face detector if the rules of light apply.
        rules: "on", "off", or "auto", which is on for the package's models and for placed light.
    """
    assets = {MODEL_FILE: model}
    sibling = sibling_file(model)
    if sibling is not None:
        assets[SIBLING_FILE] = sibling
    if follows_rules(model, rules):
        assets[FACES_FILE] = FACE_DETECTOR
    return assets


def check_project(project: str | Path) -> None:
    """Check that a folder is an Android project for a model.

    Raises:
        InputError: It is not.
    """
    if not (Path(project) / "app/src/main").is_dir():
        raise InputError(
            "not an Android project, because it has no app/src/main; run this in a clone of "
            f"keras_f2a, or name its folder {ANDROID_DEMO} or a copy of it",
            setting="android",
            value=project,
        )


def model_properties(model: Path, rules: str = "auto") -> dict[str, str | int]:
    """Return the content of `model.properties` for a `.tflite` file.

    Args:
        model: The file.
        rules: As for `app_assets`.

    Raises:
        InputError: The file's input or output is not one float32 RGB image of a fixed size.
    """
    size = image_size(model)
    properties: dict[str, str | int] = {
        "name": model.stem,
        "file": MODEL_FILE,
        "sha256": _digest(model),
        "bytes": model.stat().st_size,
        "height": size.height,
        "width": size.width,
    }
    asset_keys = {"sibling_sha256": SIBLING_FILE, "faces_sha256": FACES_FILE}
    assets = app_assets(model, rules)
    return properties | {
        key: _digest(assets[name]) for key, name in asset_keys.items() if name in assets
    }


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
