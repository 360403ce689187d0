"""Puts an exported `.tflite` file into the Android project, as the model that its app runs.

The app does what `keras_f2a.Corrector` does with the file. So the file of the other orientation
that lies beside it goes with it, and with the package's models or one for placed light the
detector of faces: where that is among the app's assets, the rules of light hold.
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
    """Copy a proven `.tflite` file into an Android project, which checks it when it is built.

    With it go the files of `assets_of`, and `model.properties`: the file's name and place, its size
    in bytes, the only size of its images, and the digest of each asset. An earlier model's other
    assets are deleted.

    Args:
        model: The file; its card, as the export wrote it, lies beside it.
        project: The folder of the Android project.
        rules: Whether the rules of light decide how the model's light is applied: "on", "off", or
            "auto", which is on for the package's models and for placed light.

    Returns:
        The files that were written, `model.properties` last.

    Raises:
        InputError: There is no such file or project, the file or the one of the other orientation
            is not the one that its card was written for or missed its gate, is not for images of
            one size in float32, or is another kind of network.
    """
    model, project = Path(model), Path(project)
    check_project(project)
    check_proven(model)
    assets = assets_of(model, rules)
    if SIBLING_FILE in assets:
        check_sibling(model, assets[SIBLING_FILE])
    properties = properties_of(model, rules)
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


def assets_of(model: Path, rules: str = "auto") -> dict[str, Path]:
    """Return the files that an app carries for a model, by their place in the project.

    Args:
        model: The `.tflite` file. The file of the other orientation beside it is carried too, and
            the detector of faces if the rules of light shall hold.
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
    """Check that a folder is an Android project that can take a model.

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


def properties_of(model: Path, rules: str = "auto") -> dict[str, str | int]:
    """Return what `model.properties` says of a `.tflite` file.

    Args:
        model: The file.
        rules: As for `assets_of`.

    Raises:
        InputError: Its input or output is not one float32 RGB image of a fixed size.
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
    others = {"sibling_sha256": SIBLING_FILE, "faces_sha256": FACES_FILE}
    assets = assets_of(model, rules)
    return properties | {
        key: _digest(assets[name]) for key, name in others.items() if name in assets
    }


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
