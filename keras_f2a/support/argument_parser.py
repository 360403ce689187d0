"""Makes options from settings, and provides a parser whose errors are a single line.

The library has settings (`batch_size=3`), and the command line has options (`--batch-size 3`). This
module translates between them, with the help of `keras_f2a.support.setting_options`.
"""

import argparse
import re
import sys
import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import takewhile
from typing import Any, NoReturn

from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable
from keras_f2a.support.process import EXIT_WRONG_INPUT
from keras_f2a.support.setting_options import (
    option_arguments,
    option_name,
    parse_float,
    parse_int,
)
from keras_f2a.support.settings import settings_in

_NEGATIVE = re.compile(r"-(\.?[0-9]|inf|nan)", re.IGNORECASE)
"""Matches the start of a value that begins with a negative number."""
_OPTION_LIKE = re.compile(r"--[a-z-]+(=.*)?", re.DOTALL)
"""Matches what is more likely a misspelled option than a file."""


class _HelpFormatter(argparse.HelpFormatter):
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
        keywords.setdefault("formatter_class", _HelpFormatter)
        super().__init__(allow_abbrev=False, **keywords)
        # No option starts with a digit, so `--light -60,20,0.5` works without `=`.
        self._negative_number_matcher = _NEGATIVE
        # `argparse` itself would say "invalid int value".
        self.register("type", int, parse_int)
        self.register("type", float, parse_float)
        self._fill = fill
        self.extra: str | None = None
        """The extra that installs the command's optional packages."""

    def fill_once(self) -> "ArgumentParser":
        """Add the options if they are not there yet, and return the parser."""
        if self._fill is not None:
            fill, self._fill = self._fill, None
            fill(self)
        return self

    def find_command_parser(self, arguments: Sequence[str]) -> "ArgumentParser":
        """Return the parser of the command that the arguments start with.

        If they name no command, return this parser.
        """
        self.fill_once()
        for action in self._actions:
            commands = action.choices if isinstance(action, argparse._SubParsersAction) else {}
            if arguments and arguments[0] in commands:
                return commands[arguments[0]].find_command_parser(arguments[1:])
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
        self.fill_once()
        arguments = list(sys.argv[1:] if args is None else args)
        self._reject_empty(arguments)
        if self._subparsers is not None:
            # Arguments after a command's name are for the command's own parser.
            arguments = list(takewhile(lambda text: text[:1] == "-", arguments))
        self._reject_dashes(arguments)
        return super().parse_known_args(args, namespace)

    def _reject_empty(self, arguments: Sequence[str]) -> None:
        place = "''"
        for argument in arguments:
            if argument == "--":
                break
            option, equals, value = argument.partition("=")
            if argument.startswith("--"):
                place = f"{option} ''"
                if value == "--":
                    self.error(f"argument {option}: '--' is not a value")
            if not argument or (equals and not value and argument.startswith("--")):
                raise InputError(f"{place}: must not be empty")

    def _reject_dashes(self, arguments: Sequence[str]) -> None:
        end = arguments.index("--") if "--" in arguments else len(arguments)
        unknown = [text for text in arguments[:end] if self._is_unknown(text)]
        if unknown:
            files = [text for text in unknown if not _OPTION_LIKE.fullmatch(text)]
            hint = f"; write ./{files[0]} for a file of this name" if files else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
        for text in arguments[end + 1 :]:
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
        group_by_setting: dict[str, argparse._ArgumentGroup] = {}
        for title, members in (groups or {}).items():
            group_by_setting |= dict.fromkeys(members, self.group(title))
        for name, item, hint in settings_in(settings_class):
            if names is None or name in names:
                option = (options or {}).get(name, option_name(name))
                default = (defaults or {}).get(name, item.default)
                group_by_setting.get(name, self).add_argument(
                    option,
                    dest=name,
                    default=argparse.SUPPRESS,
                    **option_arguments(item, hint, default),
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


def given_settings(options: argparse.Namespace, *settings_classes: type) -> dict[str, Any]:
    """Return the settings of some classes that were given on the command line.

    See `ArgumentParser.add_settings`.
    """
    names = {
        entry.name for settings_class in settings_classes for entry in settings_in(settings_class)
    }
    return {name: value for name, value in vars(options).items() if name in names}
