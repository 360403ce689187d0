"""Puts an exported `.tflite` file into the page for the browser, as the model that it runs.

The page does what `keras_f2a.Corrector` does with the file. So the file of the other orientation
that lies beside it goes with it. With the package's models and with networks for placed light
goes the detector of faces: where that lies in the page, the rules of light hold.
"""

import shutil
from pathlib import Path

from keras_f2a.model_files.bundled import FACE_DETECTOR
from keras_f2a.model_files.tflite_names import sibling_file
from keras_f2a.support.atomic_file import atomic_path
from keras_f2a.support.errors import InputError, one_line

from .proven_file import check_proven, check_sibling, follows_rules, image_size
from .settings import WEB_DEMO

MODEL_FILE = "model/model.tflite"
CARD_FILE = "model/model.json"
SIBLING_FILE = "model/sibling.tflite"
SIBLING_CARD_FILE = "model/sibling.json"
FACES_FILE = "model/faces.tflite"


def put_into_page(
    model: str | Path, project: str | Path = WEB_DEMO, *, rules: str = "auto"
) -> list[Path]:
    """Copy a proven `.tflite` file and its card into the web demo, whose build checks them.

    With them go the file of the other orientation and its card, if they lie beside it, and the
    detector of faces if the rules of light shall hold. An earlier model's other files are deleted.

    Args:
        model: The file; its card, as the export wrote it, lies beside it.
        project: The folder of the web demo.
        rules: Whether the rules of light decide how the model's light is applied: "on", "off", or
            "auto", which is on for the package's models and for placed light.

    Returns:
        The files that were written.

    Raises:
        InputError: There is no such file or project, the file or the one of the other orientation
            is not the one that its card was written for or missed its gate, is not for images of
            one size in float32, or is another kind of network.
    """
    model, project = Path(model), Path(project)
    check_page(project)
    sources = {MODEL_FILE: model, CARD_FILE: model.with_suffix(".json")}
    sibling = sibling_file(model)
    if sibling is not None:
        sources |= {SIBLING_FILE: sibling, SIBLING_CARD_FILE: sibling.with_suffix(".json")}
    check_proven(model)
    image_size(model)
    if sibling is not None:
        check_sibling(model, sibling)
    if follows_rules(model, rules):
        sources[FACES_FILE] = FACE_DETECTOR
    try:
        (project / MODEL_FILE).parent.mkdir(exist_ok=True)
        for name in (SIBLING_FILE, SIBLING_CARD_FILE, FACES_FILE):
            (project / name).unlink(missing_ok=True)
        for name, source in sources.items():
            with atomic_path(project / name) as temporary:
                shutil.copyfile(source, temporary)
    except OSError as error:
        raise InputError(
            f"cannot be written ({one_line(error)})", setting="web", value=project
        ) from error
    return [project / name for name in sources]


def check_page(project: str | Path) -> None:
    """Check that a folder is the web demo.

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
