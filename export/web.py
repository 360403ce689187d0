"""Puts an exported `.tflite` file into the page for the browser, as the model that it runs."""

import shutil
from pathlib import Path

from keras_f2a.support.atomic_file import atomic_path
from keras_f2a.support.errors import InputError, one_line

from .proven_file import check_proven, image_size
from .settings import WEB_DEMO

MODEL_FILE = "model/model.tflite"
CARD_FILE = "model/model.json"


def put_into_page(model: str | Path, project: str | Path = WEB_DEMO) -> list[Path]:
    """Copies a proven `.tflite` file and its card into the web demo, whose build checks them.

    Args:
        model: The file; its card, as the export wrote it, lies beside it.
        project: The folder of the web demo.

    Returns:
        The two files.

    Raises:
        InputError: There is no such file or project, the file is not the one that its card was
            written for or missed its gate, or it is not for images of one size in float32.
    """
    model, project = Path(model), Path(project)
    check_page(project)
    check_proven(model)
    image_size(model)
    targets = [project / MODEL_FILE, project / CARD_FILE]
    try:
        targets[0].parent.mkdir(exist_ok=True)
        for source, target in zip((model, model.with_suffix(".json")), targets, strict=True):
            with atomic_path(target) as temporary:
                shutil.copyfile(source, temporary)
    except OSError as error:
        raise InputError(
            f"cannot be written ({one_line(error)})", setting="web", value=project
        ) from error
    return targets


def check_page(project: str | Path) -> None:
    """Checks that a folder is the web demo.

    Raises:
        InputError: It is none.
    """
    if not (Path(project) / "src/core/corrector.ts").is_file():
        raise InputError(
            "no web demo (no src/core/corrector.ts in it); run this in a checkout of keras_f2a, or "
            f"name its folder {WEB_DEMO} or a copy of it",
            setting="web",
            value=project,
        )
