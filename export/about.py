"""What the exported files say of a model for people: who made it, of what, on which terms."""

import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from keras_f2a.model_files.bundled import WEIGHTS, bundled_model
from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.input_files import check_file, read_small_file
from keras_f2a.support.printable import printable

_LARGEST = 100_000  # bytes


@dataclass(frozen=True)
class About:
    """What is known of a model; empty where nobody said.

    Attributes:
        author: Who made it.
        license: Its license as an SPDX identifier, for example `Apache-2.0`.
        description: What it does, in a sentence.
        source: Where its code is.
        paper: Where it is described.
        training_data: What it was trained on.
        training_data_license: The licenses of that.
        training_data_provenance: Where that comes from, and who agreed.
        training_code: Where the code of the training is, and its license.
        limitations: What it does not do well, and what nobody can check.
        openness: Its class by the Open Source AI Definition 1.0.
        model_openness_class: Its class by the Model Openness Framework.
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

    def known(self) -> dict[str, str]:
        """Return what somebody said, by name."""
        return {name: text for name, text in asdict(self).items() if text}


def about_model(file: Path, about: str | Path | None) -> About:
    """Return what is known of a generator.

    Args:
        file: Its `.keras` file.
        about: A TOML file with attributes of `About`; `None` takes what the
            package says of its own networks, and nothing for another.

    Raises:
        InputError: The TOML file cannot be read or says something else.
    """
    if about is None:
        ours = bundled_model(file)
        return About() if ours is None else read_about(WEIGHTS / f"{ours}.toml")
    return read_about(Path(about))


def read_about(path: Path) -> About:
    """Read a TOML file with attributes of `About`.

    Raises:
        InputError: It cannot be read, or has other keys or values than texts.
    """
    name = printable(path)
    check_file(path)
    try:
        found = tomllib.loads(read_small_file(path, _LARGEST).decode())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{name}: not a TOML file that can be read ({one_line(error)})") from error
    keys = [item.name for item in fields(About)]
    for key, value in found.items():
        if key not in keys:
            raise InputError(f"{name}: unknown key {printable(key)}; use {', '.join(keys)}")
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{name}: {key} must be a text between quotes, or left out")
    return About(**{key: " ".join(value.split()) for key, value in found.items()})
