"""Writes the model card that model hubs read: Markdown with YAML front matter."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from keras_f2a.evaluation.card_scores import (
    INTERVAL,
    Score,
    evaluation_scores,
    export_scores,
)
from keras_f2a.evaluation.card_text import card_text, is_for_placed_light
from keras_f2a.generator_files import generator_file
from keras_f2a.model_files.bundled import PLACED_LIGHT, bundled_model, is_bundled_file
from keras_f2a.model_files.card import card_file, check_digest, read_card
from keras_f2a.model_files.hub import is_repository
from keras_f2a.model_files.keras_file import read_keras_file
from keras_f2a.model_files.tflite_names import PLAIN_SUFFIXES
from keras_f2a.support.atomic_file import check_writable, named_file
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

DEFAULT_METHODS = ("ours", "ours-network")
"""The methods of `keras-f2a evaluate` that run the default model."""
_TASK, _TASK_NAME = "image-to-image", "Flash photograph to ambient light"
_DATASET = "flash-ambient-pairs"
_LICENSE = "apache-2.0"


def write_model_card(
    model: str | os.PathLike,
    output: str | os.PathLike,
    *,
    license: str | None = None,
    evaluations: Sequence[str | os.PathLike] = (),
    method: str | None = None,
    repository: str | None = None,
    force: bool = False,
) -> Path:
    """Write the card that a hub shows for a model, with its measured scores.

    Args:
        model: A `.keras` file, a run directory, or an exported file with its JSON card next to it.
        output: The Markdown file, which hubs expect to be `README.md`.
        license: The hub's identifier of the weights' license. Required unless the model is ours.
        evaluations: `results.json` files of `keras-f2a evaluate`. Their scores have intervals.
            Scores from an export's card do not.
        method: The method in the evaluations that is this model. By default, the one with the
            model's name.
        repository: The model's future repository, `user/name`, for the examples.
        force: Replace the file if it exists.

    Returns:
        The path of the written file.

    Raises:
        InputError: A file cannot be read, a card belongs to another model, `output` exists and
            `force` is not set, the license is missing, `repository` is not `user/name`, or
            `method` is given without `evaluations` or is not among their methods.
        WorkError: The card could not be written.

    Example:
        >>> write_model_card("runs/train", "README.md", license="cc-by-4.0")
    """
    output = Path(output)
    check_writable(output, force)
    if method and not evaluations:
        raise InputError("needs `evaluations`; give both", setting="method", value=method)
    if repository is not None and not is_repository(repository):
        raise InputError("write USER/NAME", setting="repository", value=repository)
    file = generator_file(model, suffixes=(".keras", *PLAIN_SUFFIXES))
    name = _model_name(Path(model), file)
    facts = _read_facts(file)
    if license is None and not is_bundled_file(file):
        raise InputError(
            "name the license of the weights, for example cc-by-4.0", setting="license"
        )
    methods = [method] if method else [name]
    if not method and bundled_model(file) == PLACED_LIGHT:
        methods += DEFAULT_METHODS
    # Scores against one ambient photograph are meaningless for a network that places any light.
    scores = [] if is_for_placed_light(facts) else list(export_scores(facts))
    for path in evaluations:
        scores += evaluation_scores(Path(path), methods)
    data = ModelCardData(
        library_name="keras",
        pipeline_tag=_TASK,
        license=license or _LICENSE,
        tags=["keras_f2a", "flash-photography", "relighting"],
        model_name=name,
        metrics=sorted({score.metric for score in scores}) or None,
        eval_results=[_eval_result(score) for score in scores] or None,
    )
    text = card_text(
        name, file, facts=facts, scores=scores, repository=repository or f"USER/{name}"
    )
    card = ModelCard(f"---\n{data.to_yaml()}\n---\n\n{text}")
    with named_file(output, force=force) as temporary:
        temporary.write_text(card.content, encoding="utf-8")
    return output


def _model_name(model: Path, file: Path) -> str:
    return model.resolve().name if model.is_dir() else file.stem


def _read_facts(file: Path) -> dict[str, Any]:
    """Return the content of an exported file's JSON card, or the class of a `.keras` file."""
    if file.suffix == ".keras":
        content = read_keras_file(file)
        return {"class": content.configuration.get("class_name")}
    if not card_file(file).is_file():
        name = printable(card_file(file).name)
        raise InputError(
            f"has no card {name} beside it; export it again, or name the .keras file", file=file
        )
    card = read_card(file)
    check_digest(file, card)
    return card


def _eval_result(score: Score) -> EvalResult:
    arguments: dict[str, Any] = {}
    if score.left_out:
        arguments = {"pairs": score.pairs, "left_out": score.left_out}
    if score.low is not None and score.high is not None:
        bounds = {"low": round(score.low, 4), "high": round(score.high, 4)}
        arguments |= {"interval": INTERVAL, "pairs": score.pairs, **bounds}
    return EvalResult(
        task_type=_TASK,
        task_name=_TASK_NAME,
        dataset_type=_DATASET,
        dataset_name=score.dataset,
        metric_type=score.metric,
        metric_name=score.name,
        metric_value=round(score.value, 4),
        metric_args=arguments or None,
    )
