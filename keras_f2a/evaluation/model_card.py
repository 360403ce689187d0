"""The card of a model as hubs of models read it: Markdown with front matter in YAML."""

import json
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from huggingface_hub import EvalResult, ModelCard, ModelCardData

from keras_f2a.generator_files import generator_file, is_ours
from keras_f2a.model_files.card import card_file, check_digest, read_card
from keras_f2a.model_files.keras_file import read_keras_file
from keras_f2a.support.atomic_file import check_writable, named_file
from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.input_files import check_file
from keras_f2a.support.printable import printable
from keras_f2a.support.version import VERSION

OURS = ("ours", "ours-network")
"""The methods of `keras-f2a evaluate` that are the package's own model."""
_SHOWN = ("psnr_aligned", "psnr", "ssim_aligned", "ssim")
_TASK, _TASK_NAME = "image-to-image", "Flash photograph to ambient light"
_DATASET = "flash-ambient-pairs"
_INTERVAL = "95% bootstrap interval"
_LICENSE = "apache-2.0"
_LARGEST = 200_000_000  # bytes of results, of ten thousands of pairs


@dataclass(frozen=True)
class Score:
    """One number of a card.

    Attributes:
        metric: Its name in `results.json`.
        name: What a reader sees.
        dataset: The pairs that it was measured on.
        pairs: How many they are; `None` if nothing says so.
        value: The mean.
        low: Lower end of the interval of the mean; `None` without one.
        high: The upper end.
    """

    metric: str
    name: str
    dataset: str
    pairs: int | None
    value: float
    low: float | None = None
    high: float | None = None


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
    """Write the card that a hub shows beside a model, from what was measured.

    Args:
        model: A `.keras` file, a run directory, or an exported file with its JSON card beside it.
        output: The Markdown file, on hubs `README.md`.
        license: The license of the weights, as hubs name it; needed unless the model is ours.
        evaluations: Files `results.json` of `keras-f2a evaluate`, each on its pairs. Their scores
            come with intervals; those of an export's card have none.
        method: Which of their methods is the model; by default the one of the model's name.
        repository: Where the model will lie, `user/name`, for the examples.
        force: Replace the file if it exists.

    Returns:
        The file.

    Raises:
        InputError: A file cannot be read, or a card is not the model's, or `output` exists.
        WorkError: The card could not be written.

    Example:
        >>> write_model_card("runs/train", "README.md", license="cc-by-4.0")
    """
    output = Path(output)
    check_writable(output, force)
    file = generator_file(model)
    name = _name(Path(model), file)
    facts = _facts(file)
    if license is None and not is_ours(file):
        raise InputError(
            "name the license of the weights, for example cc-by-4.0", setting="license"
        )
    methods = [method] if method else [name, *(OURS if is_ours(file) else ())]
    scores = [*_scores_of_export(facts)]
    for path in evaluations:
        scores += _scores(Path(path), methods)
    data = ModelCardData(
        library_name="keras",
        pipeline_tag=_TASK,
        license=license or _LICENSE,
        tags=["keras_f2a", "flash-photography", "relighting"],
        model_name=name,
        metrics=sorted({score.metric for score in scores}) or None,
        eval_results=[_result(score) for score in scores] or None,
    )
    text = _text(name, file, facts=facts, scores=scores, repository=repository or f"USER/{name}")
    card = ModelCard(f"---\n{data.to_yaml()}\n---\n\n{text}")
    with named_file(output) as temporary:
        temporary.write_text(card.content, encoding="utf-8")
    return output


def _name(model: Path, file: Path) -> str:
    return model.resolve().name if model.is_dir() else file.stem


def _facts(file: Path) -> dict[str, Any]:
    """Return what the card beside an exported file says; of a `.keras` file what it is."""
    if file.suffix == ".keras":
        content = read_keras_file(file)
        return {"class": content.configuration.get("class_name")}
    if not card_file(file).is_file():
        name = printable(card_file(file).name)
        raise InputError(
            f"{printable(file)}: has no card {name} beside it; export it again, or name the .keras "
            "file"
        )
    card = read_card(file)
    check_digest(file, card)
    return card


def _scores_of_export(facts: dict[str, Any]) -> Iterator[Score]:
    """Yield what an export measured on the pairs that it held out, without intervals."""
    measured = facts.get("measured")
    parity = measured.get("parity") if isinstance(measured, dict) else None
    held_out = facts["pairs"].get("held_out") if isinstance(facts.get("pairs"), dict) else None
    pairs = held_out.get("pairs") if isinstance(held_out, dict) else None
    for metric, name in (("psnr", "PSNR (dB)"), ("ssim", "SSIM")):
        value = parity.get(metric) if isinstance(parity, dict) else None
        if value is not None and _is_number(value):
            count = pairs if isinstance(pairs, int) else None
            yield Score(metric, name, "held-out pairs of the export", count, float(value))


def _scores(path: Path, methods: Sequence[str]) -> Iterator[Score]:
    """Yield the scores of one evaluation, with the intervals of their means."""
    # Imported here, because a card without them needs no package of the evaluation.
    from keras_f2a.evaluation.metrics import METRICS
    from keras_f2a.evaluation.uncertainty import paired_difference

    document = _document(path)
    found = [name for name in methods if name in document["methods"]]
    if not found:
        listed = ", ".join(map(printable, document["methods"]))
        raise InputError(
            f"{printable(path)}: {' and '.join(methods)} is not among its methods ({listed}); "
            "`method` names the one that is this model"
        )
    data = document.get("data")
    digest = str(data.get("sha256", ""))[:12] if isinstance(data, dict) else ""
    dataset = f"pairs {digest}" if digest else "pairs"
    for label in found:
        images = [scores.get(label, {}) for scores in document["images"].values()]
        for metric in _SHOWN:
            values = np.array([one[metric] for one in images if _is_number(one.get(metric))])
            if len(values):
                mean, low, high = paired_difference(values, np.zeros(len(values)))
                heading = METRICS[metric].heading
                heading = heading if len(found) == 1 else f"{heading}, {label}"
                ends = (None, None) if math.isnan(low) else (low, high)
                yield Score(metric, heading, dataset, len(values), mean, *ends)


def _document(path: Path) -> dict[str, Any]:
    check_file(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("it is too large")
        document = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(document[part], dict) for part in ("methods", "images")):
            raise ValueError("it holds no scores")
        if not all(isinstance(one, dict) for one in document["images"].values()):
            raise ValueError("it holds no scores")
        return document
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"{printable(path)}: not a results.json of keras-f2a evaluate ({one_line(error)})"
        ) from error


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _result(score: Score) -> EvalResult:
    arguments = None
    if score.low is not None and score.high is not None:
        ends = {"low": round(score.low, 4), "high": round(score.high, 4)}
        arguments = {"interval": _INTERVAL, "pairs": score.pairs, **ends}
    return EvalResult(
        task_type=_TASK,
        task_name=_TASK_NAME,
        dataset_type=_DATASET,
        dataset_name=score.dataset,
        metric_type=score.metric,
        metric_name=score.name,
        metric_value=round(score.value, 4),
        metric_args=arguments,
    )


def _text(
    name: str, file: Path, *, facts: dict[str, Any], scores: Sequence[Score], repository: str
) -> str:
    lines = [
        f"# {name}",
        "",
        "This model turns a harsh flash photograph into one that looks lit by ambient light. It is "
        "a Keras model of [keras_f2a](https://pypi.org/project/keras-f2a), which applies it at the "
        "photograph's full size.",
        "",
        "```python",
        "import keras_f2a",
        "",
        f'corrector = keras_f2a.Corrector(model="hf://{repository}/{file.name}")',
        'corrector.correct_file("party.jpg", "corrected.jpg")',
        "```",
        "",
        "Input and output are RGB in [0, 1], float32, channels last.",
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
            f"Each interval is a {_INTERVAL} of the mean over the pairs.",
            "",
            "| metric | pairs | mean | interval |",
            "|---|---|---|---|",
            *map(_score_row, scores),
            "",
        ]
    return "\n".join(lines)


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
    return f"| {score.name} | {pairs} | {score.value:.4g} | {interval} |"
