"""Installs an exported `.tflite` file as the model of the web demo.

The page does the same as `keras_f2a.Corrector`. So it also gets the file of the other orientation
if there is one next to the model. The package's models and networks for placed light come with the
face detector too. The page applies the rules of light if it has the face detector.
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
    """Copy a `.tflite` file that passed its gate, and its card, to the web demo.

    The build of the demo checks them. This also copies the file of the other orientation and its
    card if they are next to the model, and the face detector if the rules of light apply. Other
    files of an earlier model are deleted.

    Args:
        model: The file, with the card that the export wrote next to it.
        project: The folder of the web demo.
        rules: Whether to apply the model's light with the rules of light: "on", "off", or "auto",
            which is on for the package's models and for placed light.

    Returns:
        The files that were written.

    Raises:
        InputError: The file or the project does not exist. Or the file, or that of the other
            orientation, does not match its card, missed its gate, has no fixed float32 image size,
            or is another kind of network.
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
        InputError: It is not.
    """
    if not (Path(project) / "src/core/corrector.ts").is_file():
        raise InputError(
            "not a web demo, because it has no src/core/corrector.ts; run this in a clone of "
            f"keras_f2a, or name its folder {WEB_DEMO} or a copy of it",
            setting="web",
            value=project,
        )
