"""What an earlier export left in a folder: its report is merged, and nothing is lost silently."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from keras_f2a.support.errors import InputError

from .parity import Parity
from .report import JSON, MARKDOWN, ReportRow

_WAY_OUT = "choose another `output`, or replace it with `force`"


def earlier_rows(folder: Path, *, force: bool) -> list[ReportRow]:
    """Read the rows of the report that lies in a folder.

    Args:
        folder: The output folder.
        force: Whether files under a report's names may be replaced that are none.

    Returns:
        The rows; none where there is no report, or one that `force` gives up.

    Raises:
        InputError: A file has a report's name and is none.
    """
    report = folder / JSON
    if not report.exists() and not (folder / MARKDOWN).exists():
        return []
    try:
        document = json.loads(report.read_text(encoding="utf-8"))
        return [_row(row) for row in document["files"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if force:
            return []
        where = report if report.exists() else folder / MARKDOWN
        raise InputError(
            f"not the report of an export, and would be replaced; {_WAY_OUT}", file=where
        ) from error


def check_replaced(cards: Iterable[tuple[Path, Path]], generator_sha256: str) -> None:
    """Check that what lies under the names of an export is an earlier export of the generator.

    Args:
        cards: Each file or folder that is to be written, and the card beside it.
        generator_sha256: Digest of the generator that is exported.

    Raises:
        InputError: One is of another generator, or has no card that tells.
    """
    for path, card in cards:
        if not path.exists() and not card.exists():
            continue
        try:
            before = json.loads(card.read_text(encoding="utf-8"))["generator_sha256"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            before = None
        if before != generator_sha256:
            whose = "from another generator" if before else "there without a card"
            raise InputError(
                f"is {whose}, and would be replaced; "
                f"choose another `output` or `name`, or replace it with `force`",
                file=path if path.exists() else card,
            )


def merged(earlier: Sequence[ReportRow], rows: Sequence[ReportRow]) -> list[ReportRow]:
    """Put the rows of an export behind those of the earlier ones.

    A row takes the place of an earlier one of its name. Where a file missed its gate and the
    earlier one stays, both rows stay.
    """
    replaced = {(_key(row), kept) for row in rows for kept in (row.kept, False)}
    return [*(row for row in earlier if (_key(row), row.kept) not in replaced), *rows]


def _key(row: ReportRow) -> tuple[str, str]:
    """Return what a row is about: a file, or a Keras model, whose name others may share."""
    return row.name, row.generator_sha256 if " at " in row.name else ""


def _row(values: dict[str, Any]) -> ReportRow:
    known = {item.name for item in fields(ReportRow)}
    values = {name: value for name, value in values.items() if name in known}
    scenes = values.pop("scenes", None)
    return ReportRow(
        **{
            **values,
            "parity": _parity(values["parity"]),
            "scenes": None if scenes is None else _parity(scenes),
            "shortcomings": list(values["shortcomings"]),
        }
    )


def _parity(values: dict[str, Any]) -> Parity:
    """Return the numbers as they were.

    JSON has none that are not finite. Only an output of no numbers has no SSIM; the other numbers
    of a row are infinite then, but for a change, of which the sign is lost.
    """
    lost = math.nan if values["ssim"] is None else math.inf
    known = {item.name for item in fields(Parity)}
    kept: dict[str, Any] = {
        name: (math.nan if name in ("ssim", "psnr_change") else lost) if value is None else value
        for name, value in values.items()
        if name in known
    }
    return Parity(**kept)
