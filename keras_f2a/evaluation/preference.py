"""The count of the answers of a blind choice.

A viewer of `keras_f2a.evaluation.preference_sheets` answers with the side to keep, or with no
preference.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.printable import printable

# What follows a side keeps a note like "looks equal" from being an answer.
_ANSWER = re.compile(r"\s*([0-9]+)\s*[:.]?\s*(left|right|[LR=])(?=[\s,;:.]|$)", re.IGNORECASE)
_RESULT, _ORIGINAL, _NEITHER = range(3)


class _Trial(NamedTuple):
    photograph: str
    version: str
    side: str


@dataclass(frozen=True)
class Preference:
    """How often viewers preferred one version to the original.

    Attributes:
        photographs: By photograph, how many answers were for the version, how many for the
            original, and how many without a preference.
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

    def _count(self, kind: int) -> int:
        return sum(counts[kind] for counts in self.photographs.values())


def tally(key: Path, answers: Sequence[Path]) -> dict[str, Preference]:
    """Count viewers' answers for each version.

    Args:
        key: What `keras_f2a.evaluation.preference_sheets.make_sheets` wrote.
        answers: A file for each viewer, with a line `NUMBER L`, `NUMBER R` or `NUMBER =` for each
            trial, or the words `left` and `right`, in any case. What follows after a space or a
            comma is the viewer's own note.

    Returns:
        The counts by version.

    Raises:
        InputError: A file cannot be read or is named twice, a line is not an answer, or a trial is
            answered twice or not in the key.
    """
    if len({file.resolve() for file in answers}) < len(answers):
        raise InputError("name the file of each viewer once", setting="answers")
    trials = _trials(key)
    counts: dict[str, dict[str, list[int]]] = {trial.version: {} for trial in trials.values()}
    for file in answers:
        for number, answer in _answers(file).items():
            if number not in trials:
                raise InputError(f"trial {number} is not in the key", file=file)
            trial = trials[number]
            kept = _RESULT if answer == trial.side else _ORIGINAL
            of_photograph = counts[trial.version].setdefault(trial.photograph, [0, 0, 0])
            of_photograph[_NEITHER if answer == "=" else kept] += 1
    # Sorted, so that the order of files and lines does not decide which photographs are redrawn.
    return {name: Preference(dict(sorted(found.items()))) for name, found in counts.items()}


def _trials(key: Path) -> dict[str, _Trial]:
    try:
        content = json.loads(key.read_text(encoding="utf-8-sig"))
        trials = {
            number: _Trial(trial["photograph"], trial["version"], trial["side"])
            for number, trial in content.items()
        }
        if not all(isinstance(part, str) for trial in trials.values() for part in trial):
            raise TypeError("a part of a trial is no text")
        if not {trial.side for trial in trials.values()} <= {"L", "R"}:
            raise ValueError("a side is neither L nor R")
        return trials
    except OSError as error:
        raise InputError(f"cannot be read ({one_line(error)})", file=key) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError("not a key of preference sheets", file=key) from error


def _answers(file: Path) -> dict[str, str]:
    try:
        # Windows' Notepad may write a byte order mark.
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({one_line(error)})", file=file) from error
    answers: dict[str, str] = {}
    for count, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        found = _ANSWER.match(line)
        if found is None:
            raise InputError(
                f"{printable(file)}, line {count}: give a number, then L, R or =, then a space "
                "before any note"
            )
        if found[1] in answers:
            raise InputError(f"{printable(file)}, line {count}: trial {found[1]} is answered twice")
        answers[found[1]] = found[2][0].upper()
    return answers
