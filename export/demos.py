"""Installs an exported `.tflite` file in this project's demos."""

from pathlib import Path

from keras_f2a.support.errors import InputError

from .android import check_project, put_into_app
from .web import check_page, put_into_page


def check_demos(*, android: str | Path | None, web: str | Path | None, rules: str = "auto") -> None:
    """Check that the folders are demos for a model.

    Args:
        android: Folder of the Android project, or `None`.
        web: Folder of the web demo, or `None`.
        rules: Whether the demos apply the rules of light.

    Raises:
        InputError: A folder is not a demo, or `rules` is set without a demo.
    """
    if rules != "auto" and android is None and web is None:
        raise InputError(
            "applies only to a demo; name one with `android` or `web`", setting="rules"
        )
    if android is not None:
        check_project(android)
    if web is not None:
        check_page(web)


def put_into_demos(
    model: str | Path, *, android: str | Path | None, web: str | Path | None, rules: str = "auto"
) -> list[Path]:
    """Copy a `.tflite` file that passed its gate to the demos.

    Args:
        model: The file, with its card next to it.
        android: Folder of the Android project, or `None`.
        web: Folder of the web demo, or `None`.
        rules: Whether the demos apply the rules of light: "on", "off", or "auto", which is on
            for the package's models and for placed light.

    Returns:
        The files that were written.

    Raises:
        InputError: See `export.android.put_into_app` and `export.web.put_into_page`.
    """
    check_demos(android=android, web=web, rules=rules)
    files = [] if android is None else put_into_app(model, android, rules=rules)
    return files if web is None else [*files, *put_into_page(model, web, rules=rules)]
