"""Counts the answers of a blind choice.

Viewers of the sheets of `keras_f2a.evaluation.preference_sheets` answer with the side that they
prefer, or with no preference.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.printable import printable

# The lookahead rejects notes that start with such a letter, like "looks equal".
_ANSWER = re.compile(r"\s*([0-9]+)\s*[:.]?\s*(left|right|[LR=])(?=[\s,;:.]|$)", re.IGNORECASE)
_RESULT, _ORIGINAL, _NEITHER = range(3)


class _Trial(NamedTuple):
    photograph: str
    version: str
    side: str


@dataclass(frozen=True)
class Preference:
    """How often viewers preferred a version to the original.

    Attributes:
        photographs: For each photograph, the number of answers for the version, for the original,
            and without a preference.
    """

    photographs: Mapping[str, Sequence[int]]

    @property
    def result(self) -> int:
        """Answers for the version."""
        return self._count(_RESULT)

    @property
    def original(self) -> int:
        """Answers for the original."""
        return self._count(_ORIGINAL)

    @property
    def neither(self) -> int:
        """Answers without a preference."""
        return self._count(_NEITHER)

    @property
    def total(self) -> int:
        """All answers."""
        return self.result + self.original + self.neither

    def _count(self, choice: int) -> int:
        return sum(counts[choice] for counts in self.photographs.values())


def tally(key: Path, answers: Sequence[Path]) -> dict[str, Preference]:
    """Count viewers' answers for each version.

    Args:
        key: The key file that `keras_f2a.evaluation.preference_sheets.make_sheets` wrote.
        answers: One file for each viewer, with one line for each trial: `NUMBER L`, `NUMBER R` or
            `NUMBER =`. The words `left` and `right` work too, and case does not matter. Text after
            a space or a comma is the viewer's note.

    Returns:
        The counts by version.

    Raises:
        InputError: A file cannot be read or is listed twice, a line is not an answer, or a trial
            is answered twice or is not in the key.
    """
    if len({file.resolve() for file in answers}) < len(answers):
        raise InputError("name the file of each viewer once", setting="answers")
    trials = _read_trials(key)
    counts: dict[str, dict[str, list[int]]] = {trial.version: {} for trial in trials.values()}
    for file in answers:
        for trial_id, answer in _read_answers(file).items():
            if trial_id not in trials:
                raise InputError(f"trial {trial_id} is not in the key", file=file)
            trial = trials[trial_id]
            choice = _RESULT if answer == trial.side else _ORIGINAL
            photograph_counts = counts[trial.version].setdefault(trial.photograph, [0, 0, 0])
            photograph_counts[_NEITHER if answer == "=" else choice] += 1
    # Sort, so that the order of files and lines does not change the bootstrap's draws.
    return {
        name: Preference(dict(sorted(photographs.items()))) for name, photographs in counts.items()
    }


def _read_trials(key: Path) -> dict[str, _Trial]:
    try:
        content = json.loads(key.read_text(encoding="utf-8-sig"))
        trials = {
            trial_id: _Trial(trial["photograph"], trial["version"], trial["side"])
            for trial_id, trial in content.items()
        }
        if not all(isinstance(part, str) for trial in trials.values() for part in trial):
            raise TypeError("a part of a trial is not a text")
        if not {trial.side for trial in trials.values()} <= {"L", "R"}:
            raise ValueError("a side is neither L nor R")
        return trials
    except OSError as error:
        raise InputError(f"cannot be read ({one_line(error)})", file=key) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError("not a key of preference sheets", file=key) from error


def _read_answers(file: Path) -> dict[str, str]:
    try:
        # Notepad on Windows may write a byte order mark.
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({one_line(error)})", file=file) from error
    answers: dict[str, str] = {}
    for line_number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = _ANSWER.match(line)
        if match is None:
            raise InputError(
                f"{printable(file)}, line {line_number}: give a number, then L, R or =, then a "
                "space before any note"
            )
        if match[1] in answers:
            raise InputError(
                f"{printable(file)}, line {line_number}: trial {match[1]} is answered twice"
            )
        answers[match[1]] = match[2][0].upper()
    return answers
