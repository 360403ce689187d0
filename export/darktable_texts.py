"""Texts for a network in darktable's model repository: configuration, manifest and card."""

import json

from .about import About
from .formats import INPUT, OUTPUT

TASK = "relight"
"""A task that darktable does not have yet. One of its maintainers must add it."""
CHECKPOINT_ADDRESS = "https://example.org/REPLACE-ME"
"""Placeholder for the download address of the generator's file. The publisher must fill it in."""
_ATTRIBUTES = {
    "input_sizes": [320],
    "resize_mode": "longest_side",
    "size_multiple": 16,
    "color_space": "rgb",
    "input_colorspace": "srgb",
    "output_kind": "image",
}
_CARD = """\
# {name}

{description}

## Source

- Code: {source}
- Paper: {paper}
- License: {license}
- Author: {author}

## Architecture

`{architecture}` of keras_f2a, a convolutional network. It sees the whole photograph, made small. It
must not be run tile by tile, because the light of a place depends on the rest of the picture.

## ONNX Models

| Property | model.onnx |
|---|---|
| Input | `{input}` – float32 [1, 3, height, width] |
| Output | `{output}` – float32 [1, 3, height, width] |
| Resolution | any multiples of 16; made for about 320x240 |
| Opset | {opset} |
| Normalize | [0, 1] range (divide by 255), sRGB as photographs store it, red first |
| Tiling | No |

## Notes

- Clip the output to [0, 1].
- The output is small. Its effect is carried over to the photograph, and the output is not enlarged.
  The docstring of `keras_f2a.correction.full_resolution` specifies how.

## Selection Criteria

| Property | Value |
|---|---|
| Model license | {license} |
| OSAID v1.0 | {openness} |
| MOF | {model_openness_class} |
| Training data license | {training_data_license} |
| Training data provenance | {training_data}; {training_data_provenance} |
| Training code | {training_code} |
| Known limitations | {limitations} |
| Published research | {paper} |
| Inference | Local only, no cloud dependencies |
| Scope | Photo editing: the light of flash photographs |
| Reproducibility | Full pipeline (setup, convert, validate, demo) |
"""


def model_id(name: str) -> str:
    """Return the model's id in darktable, in lower case with hyphens.

    Args:
        name: The model's name.
    """
    return f"{TASK}-{name.lower().replace('_', '-')}"


def configuration(name: str, version: int, *, architecture: str, about: About) -> dict:
    """Return the content of `config.json` in a `.dtmodel` archive.

    Args:
        name: The model's name.
        version: The model's version.
        architecture: Class of the network.
        about: The description of the model.
    """
    card = {
        "long_description": about.description,
        "scope": "the light of flash photographs",
        "author": about.author,
        "source": about.source,
        "paper": about.paper,
        "license": about.license,
        "training_data": f"{about.training_data}; {about.training_data_provenance}",
        "training_data_license": about.training_data_license,
        "notes": about.limitations,
    }
    return {
        "id": model_id(name),
        "name": name.replace("_", " "),
        "description": about.description,
        "task": TASK,
        "arch": architecture,
        "backend": "onnx",
        "version": f"{version}.0",
        "tiling": False,
        "model_card": {key: text for key, text in card.items() if text},
        "attributes": _ATTRIBUTES,
    }


def manifest(config: dict, checkpoint: str) -> str:
    """Return the text of `model.yaml`, from which the repository's pipeline builds the archive.

    Args:
        config: The return value of `configuration`.
        checkpoint: Name of the generator's file.
    """
    temporary, source = f"temp/{config['id']}/{checkpoint}", f"{CHECKPOINT_ADDRESS}/{checkpoint}"
    document = {
        **config,
        "type": "single",
        "dep_group": "keras-f2a",
        "checkpoints": [{"url": source, "path": temporary}],
        "convert": [
            {
                "script": "convert.py",
                "args": {"checkpoint": f"{{temp}}/{checkpoint}", "output": "{output}/model.onnx"},
            }
        ],
    }
    # JSON is valid YAML and avoids its quoting rules.
    lines = (f"{key}: {_to_yaml(value)}" for key, value in document.items())
    return "\n".join(lines) + "\n"


def card(name: str, *, architecture: str, opset: int, about: About) -> str:
    """Return the text of the model card.

    Args:
        name: The model's name.
        architecture: Class of the network.
        opset: Version of ONNX's operator set.
        about: The description of the model.
    """
    fields = {key: text or "not stated" for key, text in vars(about).items()}
    return _CARD.format(
        name=name, architecture=architecture, opset=opset, input=INPUT, output=OUTPUT, **fields
    )


def _to_yaml(value: object) -> str:
    text = json.dumps(
        value, ensure_ascii=False, indent=2 if isinstance(value, dict | list) else None
    )
    return text.replace("\n", "\n  ")
