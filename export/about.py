"""Describes a model for people: who made it, from which data, and under which license."""

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from keras_f2a.model_files.bundled import WEIGHTS, bundled_model
from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.input_files import check_file, read_small_file
from keras_f2a.support.printable import printable

_MAX_SIZE = 100_000  # bytes


@dataclass(frozen=True)
class About:
    """The description of a model. Unknown fields are empty.

    Attributes:
        author: The author of the model.
        license: SPDX identifier of the license, for example `Apache-2.0`.
        description: What the model does, in one sentence.
        source: Location of the code.
        paper: The paper that describes the model.
        training_data: The data that the model was trained on.
        training_data_license: Licenses of the training data.
        training_data_provenance: Origin of the training data, and who consented to its use.
        training_code: Location and license of the training code.
        limitations: What the model does not do well, and what cannot be checked.
        openness: Class in the Open Source AI Definition 1.0.
        model_openness_class: Class in the Model Openness Framework.
    """

    author: str = ""
    license: str = ""
    description: str = "Turns a flash photograph toward ambient light."
    source: str = ""
    paper: str = ""
    training_data: str = ""
    training_data_license: str = ""
    training_data_provenance: str = ""
    training_code: str = ""
    limitations: str = ""
    openness: str = ""
    model_openness_class: str = ""

    def filled_fields(self) -> dict[str, str]:
        """Return the fields that are not empty, by name."""
        return {name: text for name, text in asdict(self).items() if text}


def about_model(file: Path, about: str | Path | None) -> About:
    """Return the description of a generator.

    Args:
        file: The generator's `.keras` file.
        about: A TOML file with attributes of `About`. `None` uses the package's description of a
            bundled network, and an empty one for any other network.

    Raises:
        InputError: The TOML file cannot be read or has other content.
    """
    if about is None:
        bundled = bundled_model(file)
        return About() if bundled is None else read_about(WEIGHTS / f"{bundled}.toml")
    return read_about(Path(about))


def read_about(path: Path) -> About:
    """Read a TOML file with attributes of `About`.

    Raises:
        InputError: The file cannot be read, has an unknown key, or a value is not a string.
    """
    name = printable(path)
    check_file(path)
    try:
        # Windows Notepad may write a byte order mark.
        values = tomllib.loads(read_small_file(path, _MAX_SIZE).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{name}: cannot be read as TOML ({one_line(error)})") from error
    keys = [item.name for item in fields(About)]
    for key, value in values.items():
        if key not in keys:
            raise InputError(f"{name}: unknown key {printable(key)}; use {', '.join(keys)}")
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{name}: {key} must be a text in quotes; otherwise omit it")
    return About(**{key: " ".join(value.split()) for key, value in values.items()})
