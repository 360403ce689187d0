"""Writes the body of a model card: what the model is and how to use it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from keras_f2a.data.light_names import NAMES
from keras_f2a.evaluation.card_scores import INTERVAL, Score
from keras_f2a.generator_loading import PLACED_LIGHT
from keras_f2a.model_files.placed_light_names import KIND
from keras_f2a.support.printable import printable
from keras_f2a.support.version import VERSION

_DESCRIPTION = (
    "This model turns a harsh flash photograph into one that looks lit by ambient light. It is a "
    "Keras model of the Python package keras_f2a, which applies it at the photograph's full size."
)
_LIGHT_DESCRIPTION = (
    "This model shows a flash photograph under a light that you describe. It is a network for "
    "placed light of the Python package keras_f2a, which applies it at the photograph's full size."
)
_TENSORS = "Input and output are RGB in [0, 1], float32, channels last."
_LIGHT_TENSORS = (
    "Inputs are the photograph, RGB in [0, 1], float32, channels last, and thirteen numbers that "
    "describe the light. Output is the natural logarithm of one gain for each pixel, in linear "
    "light."
)
_LEFT_OUT_NOTE = (
    "Pairs that are left out have no finite score. The PSNR of a result that equals its target is "
    "infinite."
)


def is_for_placed_light(facts: dict[str, Any]) -> bool:
    """Return whether the facts describe a network for placed light."""
    return facts.get("kind") == KIND or facts.get("class") == PLACED_LIGHT


def card_text(
    name: str, file: Path, *, facts: dict[str, Any], scores: Sequence[Score], repository: str
) -> str:
    """Return the body of a card in Markdown, without the front matter.

    Args:
        name: The model's name.
        file: The model's file.
        facts: The content of an exported file's JSON card, or the class of a `.keras` file.
        scores: The measured scores.
        repository: The model's future repository, `user/name`.
    """
    is_placed_light = is_for_placed_light(facts)
    lines = [
        f"# {name}",
        "",
        _LIGHT_DESCRIPTION if is_placed_light else _DESCRIPTION,
        "",
        *_example(f"hf://{repository}/{file.name}", is_placed_light=is_placed_light),
        "",
        _LIGHT_TENSORS if is_placed_light else _TENSORS,
        "",
        "## File",
        "",
        "| what | value |",
        "|---|---|",
        *(f"| {what} | {value} |" for what, value in _rows(file, facts)),
        "",
    ]
    if scores:
        lines += [
            "## Figures",
            "",
            f"Each interval is a {INTERVAL} of the mean over the pairs.",
            "",
            "| metric | pairs | mean | interval |",
            "|---|---|---|---|",
            *map(_score_row, scores),
            "",
        ]
    if any(score.left_out for score in scores):
        lines += [_LEFT_OUT_NOTE, ""]
    return "\n".join(lines)


def _example(address: str, *, is_placed_light: bool) -> Iterator[str]:
    light_argument = ', light="window-left"' if is_placed_light else ""
    yield from ("```python", "import keras_f2a", "")
    yield f'corrector = keras_f2a.Corrector(model="{address}"{light_argument})'
    yield 'corrector.correct_file("party.jpg", "corrected.jpg")'
    yield "```"
    if is_placed_light:
        yield ""
        yield f"`light` is one of {', '.join(NAMES)}, or `AZIMUTH,ELEVATION,SIZE`."


def _rows(file: Path, facts: dict[str, Any]) -> Iterator[tuple[str, object]]:
    yield "file", f"`{printable(file.name)}`"
    yield "size", f"{file.stat().st_size / 1e6:.2f} MB"
    for key in ("class", "format", "generator_sha256", "sha256", "commit"):
        if isinstance(facts.get(key), str):
            yield key.replace("_", " "), f"`{printable(facts[key])[:80]}`"
    yield "card written by", f"keras_f2a {VERSION}"


def _score_row(score: Score) -> str:
    interval = "" if score.low is None else f"[{score.low:.4g}, {score.high:.4g}]"
    pairs = "" if score.pairs is None else f"{score.pairs}, {score.dataset}"
    if score.left_out:
        pairs += f", {score.left_out} left out"
    return f"| {score.name} | {pairs} | {score.value:.4g} | {interval} |"
