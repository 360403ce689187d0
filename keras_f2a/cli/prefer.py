"""`keras-f2a prefer`: draws sheets for a blind choice and counts the answers."""

import argparse
from pathlib import Path

from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.counting import counted
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

EXTRA = None
DESCRIPTION = (
    "Shows photographs next to results, on random sides, so viewers choose without knowing "
    "which is which, and counts their answers."
)


def add_options(parser: ArgumentParser) -> None:
    """Add the two subcommands, each with its own options."""
    steps = parser.add_subparsers(
        dest="step", metavar="step", required=True, help="what to do; each has its own --help"
    )
    steps.add_parser("sheets", help="draw the sheets", description=_SHEETS, fill=_add_sheets)
    steps.add_parser("tally", help="count the answers", description=_TALLY, fill=_add_tally)


def run(options: argparse.Namespace) -> None:
    """Run the chosen subcommand."""
    if options.step == "sheets":
        _sheets(options)
    else:
        _tally(options)


_SHEETS = "Draws sheets of three trials each, and the key that tells which side is which."
_TALLY = (
    "Counts the answers. An answer is a line with the number of a trial and L, R, or = for no "
    "preference; a note may follow after a space. Intervals are drawn over photographs, because "
    "several viewers of one photograph are not independent."
)


def _add_sheets(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--original", required=True, metavar="DIR", help="folder of photographs")
    add(
        "--version",
        required=True,
        action="append",
        metavar="NAME=DIR",
        help="folder of results that have the photographs' names; repeat this for several versions",
    )
    add(
        "--output", required=True, metavar="DIR", help="folder for the sheets, with no earlier ones"
    )
    add("--key", required=True, metavar="FILE", help="new file for the key, outside of --output")
    add(
        "--seed",
        type=int,
        default=0,
        metavar="N",
        help="seed of the order and the sides (default: 0)",
    )


def _add_tally(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("answers", nargs="+", metavar="ANSWERS", help="one text file for each viewer")
    add("--key", required=True, metavar="FILE", help="the key of the sheets")
    add("--viewers", metavar="TEXT", help="who or what the viewers were, shown in the table")


def _sheets(options: argparse.Namespace) -> None:
    from keras_f2a.evaluation.preference_sheets import make_sheets

    versions: dict[str, Path] = {}
    for text in options.version:
        name, folder = _version(text)
        if name in versions:
            raise InputError(
                "names two folders; give each version its own name",
                setting="version",
                value=name,
            )
        versions[name] = folder
    trials = make_sheets(
        Path(options.original),
        versions,
        Path(options.output),
        key=Path(options.key),
        seed=options.seed,
    )
    count = counted(trials, "trial")
    print(f"{count}; sheets: {printable(options.output)}; key: {printable(options.key)}")


def _version(text: str) -> tuple[str, Path]:
    name, equals, folder = text.partition("=")
    if not (name and equals and folder):
        raise InputError("give NAME=DIR", setting="version", value=text)
    return name, Path(folder)


def _tally(options: argparse.Namespace) -> None:
    from keras_f2a.evaluation.preference import tally
    from keras_f2a.evaluation.preference_table import preference_table
    from keras_f2a.evaluation.table_formats import as_markdown

    counts = tally(Path(options.key), list(map(Path, options.answers)))
    print(as_markdown(preference_table(dict(sorted(counts.items())), options.viewers)))
