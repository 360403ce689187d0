"""The program and its commands. A command's module is imported when the command is called."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import NoReturn

from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.command_line import run_command
from keras_f2a.support.keras_backend import use_tensorflow
from keras_f2a.support.version import VERSION

COMMANDS = {
    "correct": "turn flash photographs into ones that look lit by ambient light",
    "watch": "correct photographs as they arrive in a folder",
    "serve": "correct photographs that arrive over HTTP",
    "train": "train a generator on pairs of photographs",
    "evaluate": "compare methods on pairs of photographs in one table",
    "prefer": "draw sheets for a blind choice and count the answers",
    "reproduce": "train and print the paper's tables",
    "export": "turn a generator into files for servers, phones and browsers",
    "card": "write a model card for a model hub",
    "cluster": "correct archives or train on many machines",
    "import-authors": "turn the authors' PyTorch checkpoint into a generator",
}
"""Help text of each command. Its module has the same name, with `_` for `-`."""


def main(arguments: Sequence[str] | None = None) -> int | None:
    """Run the command that the arguments name and return its exit code; `None` means 0."""
    return _run(parser(), arguments)


def run() -> NoReturn:
    """Run the command that the process's arguments name, then exit."""
    run_command(main, parser())


def parser() -> ArgumentParser:
    """Return the parser of the whole program."""
    program = ArgumentParser(
        prog="keras-f2a",
        description="Turns harsh flash photographs into ones that look lit by ambient light, and "
        "trains, measures and exports the networks that do this.",
    )
    program.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
    commands = program.add_subparsers(
        title="commands", dest="command", metavar="COMMAND", required=True
    )
    for name, summary in COMMANDS.items():
        commands.add_parser(name, help=summary, fill=partial(_fill_parser, name))
    return program


def module_command(
    name: str, prog: str
) -> tuple[Callable[[Sequence[str] | None], int | None], Callable[[], ArgumentParser]]:
    """Return what a module needs to run one command with `python -m`.

    Args:
        name: The command's name.
        prog: The program's name in help and error messages.

    Returns:
        The command's `main`, and a function that builds its parser.
    """

    def command_parser() -> ArgumentParser:
        return ArgumentParser(prog=prog, fill=partial(_fill_parser, name)).fill_once()

    def command_main(arguments: Sequence[str] | None = None) -> int | None:
        return _run(command_parser(), arguments)

    return command_main, command_parser


def _import_command(name: str) -> ModuleType:
    use_tensorflow()
    module = f"keras_f2a.cli.{name.replace('-', '_')}"
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != "keras_f2a.export":
            raise
    # In a checkout that is not installed, the folder `export` registers itself under that name.
    import_module("export")
    return import_module(module)


def _fill_parser(name: str, command: ArgumentParser) -> None:
    module = _import_command(name)
    command.description = module.DESCRIPTION
    command.extra = module.EXTRA
    module.add_options(command)
    command.set_defaults(run_command=module.run)


def _run(command: ArgumentParser, arguments: Sequence[str] | None) -> int | None:
    options = vars(command.parse_args(arguments))
    run = options.pop("run_command")
    options.pop("command", None)
    return run(argparse.Namespace(**options))
