"""Makes options from settings, and provides a parser whose errors are a single line.

The library has settings (`batch_size=3`), and the command line has options (`--batch-size 3`). This
module translates between them.
"""

import argparse
import re
import sys
import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, Field
from functools import partial
from itertools import takewhile
from typing import Any, NoReturn, get_origin

from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable
from keras_f2a.support.process import EXIT_WRONG_INPUT
from keras_f2a.support.setting_texts import number_of_text
from keras_f2a.support.settings import Range, described, plain_type, settings_in

_NEGATIVE = re.compile(r"-(\.?[0-9]|inf|nan)", re.IGNORECASE)
"""Matches the start of a value that begins with a negative number."""
_OPTION_LIKE = re.compile(r"--[a-z-]+(=.*)?", re.DOTALL)
"""Matches what is more likely a misspelled option than a file."""


class _WholeNames(argparse.HelpFormatter):
    """Never breaks a line inside a name such as ``ours-network``, which a reader may copy."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)


class ArgumentParser(argparse.ArgumentParser):
    """An `argparse.ArgumentParser` whose errors are a single line, without the usage text.

    Options cannot be abbreviated.

    Args:
        fill: Adds the options when the parser is first used. This way, a program with several
            commands imports only what the given command needs.
        keywords: Other arguments of `argparse.ArgumentParser`.
    """

    def __init__(
        self, *, fill: Callable[["ArgumentParser"], None] | None = None, **keywords: Any
    ) -> None:
        keywords.setdefault("formatter_class", _WholeNames)
        super().__init__(allow_abbrev=False, **keywords)
        # No option starts with a digit, so `--light -60,20,0.5` works without `=`.
        self._negative_number_matcher = _NEGATIVE
        # `argparse` itself would say "invalid int value".
        self.register("type", int, _whole_number)
        self.register("type", float, _plain_number)
        self._fill = fill
        self.extra: str | None = None
        """The extra that installs the command's optional packages."""

    def filled(self) -> "ArgumentParser":
        """Add the options if they are not there yet, and return the parser."""
        if self._fill is not None:
            fill, self._fill = self._fill, None
            fill(self)
        return self

    def of_command(self, arguments: Sequence[str]) -> "ArgumentParser":
        """Return the parser of the command that the arguments start with.

        If they name no command, return this parser.
        """
        self.filled()
        for action in self._actions:
            commands = action.choices if isinstance(action, argparse._SubParsersAction) else {}
            if arguments and arguments[0] in commands:
                return commands[arguments[0]].of_command(arguments[1:])
        return self

    def error(self, message: str) -> NoReturn:
        """Print the message and end the process with exit code 2."""
        self.exit(EXIT_WRONG_INPUT, f"{self.prog}: error: {printable(message)} (see --help)\n")

    def parse_known_args(self, args=None, namespace=None):
        """Parse arguments, but refuse empty values and `--option=--`.

        An empty value would mean the current folder, and `argparse` takes `--option=--` for an
        empty list of values. Unknown options are reported before missing ones.

        Raises:
            InputError: A value is empty.
        """
        self.filled()
        given = list(sys.argv[1:] if args is None else args)
        self._refuse_empty(given)
        # Arguments after a command's name are for the command's own parser.
        own = given if self._subparsers is None else takewhile(lambda text: text[:1] == "-", given)
        self._refuse_dashes(list(own))
        return super().parse_known_args(args, namespace)

    def _refuse_empty(self, given: Sequence[str]) -> None:
        named = "''"
        for argument in given:
            if argument == "--":
                break
            option, equals, value = argument.partition("=")
            if argument.startswith("--"):
                named = f"{option} ''"
                if value == "--":
                    self.error(f"argument {option}: '--' is not a value")
            if not argument or (equals and not value and argument.startswith("--")):
                raise InputError(f"{named}: must not be empty")

    def _refuse_dashes(self, given: Sequence[str]) -> None:
        end = given.index("--") if "--" in given else len(given)
        unknown = [text for text in given[:end] if self._is_unknown(text)]
        if unknown:
            files = [text for text in unknown if not _OPTION_LIKE.fullmatch(text)]
            way_out = f"; write ./{files[0]} for a file of this name" if files else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}{way_out}")
        for text in given[end + 1 :]:
            if self._is_option(text):
                self.error(f"{text} comes after --, where every word is a file; put it before --")

    def _is_option(self, text: str) -> bool:
        return text.partition("=")[0] in self._option_string_actions

    def _is_unknown(self, text: str) -> bool:
        if not text.startswith("-") or text == "-" or self._is_option(text):
            return False
        # `argparse`, too, treats text with a space in its name as a value.
        return " " not in text.partition("=")[0] and not _NEGATIVE.match(text)

    def add_settings(
        self,
        settings_class: type,
        names: Collection[str] | None = None,
        *,
        defaults: Mapping[str, Any] | None = None,
        options: Mapping[str, str] | None = None,
        groups: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Add an option for each setting of a dataclass (see `keras_f2a.support.settings`).

        Options that are not given are missing in the parsed namespace, so that the class's defaults
        apply.

        Args:
            settings_class: The dataclass.
            names: The settings that become options. All by default.
            defaults: Defaults that the help text shows instead of the class's.
            options: Names of options that differ from the name of their setting.
            groups: The settings under each heading of the help text, in order. The others come
                first.
        """
        places = {
            name: group
            for title, inside in (groups or {}).items()
            for group in [self.group(title)]
            for name in inside
        }
        for name, item, hint in settings_in(settings_class):
            if names is None or name in names:
                option = (options or {}).get(name, option_name(name))
                default = (defaults or {}).get(name, item.default)
                kind = _option_kind(item, hint)
                text = described(item, hint).replace("%", "%%") + _default_text(default)
                places.get(name, self).add_argument(
                    option, dest=name, default=argparse.SUPPRESS, help=text, **kind
                )

    def group(self, title: str) -> argparse._ArgumentGroup:
        """Return the group of options under a heading of the help text.

        The group is created if it is missing. Empty groups are not shown.
        """
        for group in self._action_groups:
            if group.title == title:
                return group
        return self.add_argument_group(title)

    def option_names(self) -> dict[str, str]:
        """Return each setting's option, or the name that the help text shows if it has none."""
        names = {}
        for action in self._actions:
            for option in action.option_strings:
                if option.startswith("--"):
                    names[option[2:].replace("-", "_")] = option
                    names.setdefault(action.dest, option)
            if not action.option_strings:
                names[action.dest] = str(action.metavar or action.dest)
        return names


def option_name(setting: str) -> str:
    """Return the option for a setting: `"crop_size"` becomes `"--crop-size"`."""
    return "--" + setting.replace("_", "-")


def given_settings(options: argparse.Namespace, *settings_classes: type) -> dict[str, Any]:
    """Return the settings of some classes that were given on the command line.

    See `ArgumentParser.add_settings`.
    """
    names = {entry.name for one in settings_classes for entry in settings_in(one)}
    return {name: value for name, value in vars(options).items() if name in names}


def _option_kind(item: Field, hint: Any) -> dict:
    """Return the arguments of `add_argument` for a setting's type."""
    hint = plain_type(hint)
    if hint is bool:
        return {"action": argparse.BooleanOptionalAction}
    if hint == Range:
        return {"type": partial(_number, item), "nargs": 2, "metavar": ("LOW", "HIGH")}
    metavar = item.metadata["metavar"]
    if hint is int:
        return {"type": _whole_number, "metavar": metavar or "N"}
    if hint is float:
        return {"type": partial(_number, item), "metavar": metavar or "N"}
    several = {"nargs": "+"} if get_origin(hint) is tuple else {}
    return {"metavar": metavar or "NAME", **several}


def _whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def _plain_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def _number(item: Field, text: str) -> float:
    try:
        return number_of_text(item, text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} {error}") from None


def _default_text(default: Any) -> str:
    if default is MISSING or default is None or isinstance(default, bool):
        return ""
    values = default if isinstance(default, tuple) else (default,)
    texts = (f"{value:g}" if isinstance(value, float) else str(value) for value in values)
    return f" (default: {' '.join(texts)})"
