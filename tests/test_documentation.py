"""README, docs and cards match the code: commands, options, names, files and links exist."""

import argparse
import importlib
import importlib.util
import pkgutil
import re
import shlex
from pathlib import Path

import pytest

import keras_f2a

ROOT = Path(__file__).parents[1]
# Does not include folders that a user's commands create, for example runs/.
FOLDERS = ("android_demo", "benchmarks", "docs", "export", "keras_f2a")
FOLDERS += ("tests", "tools", "training_scenes", "web_demo")
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        ROOT / "SECURITY.md",
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "tools" / "README.md",
        ROOT / "android_demo" / "README.md",
        ROOT / "web_demo" / "README.md",
        ROOT / "keras_f2a" / "weights" / "MODEL_CARD.md",
        ROOT / "keras_f2a" / "weights" / "PLACED_LIGHT_CARD.md",
    ]
)
# Only the existence of benchmarks and of makers of golden files is checked.
COMMANDS = {
    "keras-f2a": "keras_f2a.cli.program",
    "keras_f2a.export.serving_client": "keras_f2a.export.serving_client",
    "keras_f2a.data.faid": "keras_f2a.data.faid",
    "tests.faults": "tests.faults.__main__",
    "tools.render_scenes": "tools.render_scenes",
    "tools.train_placed_light": "tools.train_placed_light",
}
_CODE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`]+)`")
_COMMAND = re.compile(r"(?:python -m ([\w.]+)|\bkeras-f2a(?= +[a-z-]))(.*)")


class ParsedError(Exception):
    """The command line was parsed, and nothing is run."""


@pytest.fixture
def parse(monkeypatch):
    """Return a function that only parses a command's arguments and returns the command's parser."""
    parse_args = argparse.ArgumentParser.parse_args

    def stop_after_parsing(parser, arguments=None, namespace=None):
        parse_args(parser, arguments, namespace)
        own = getattr(parser, "find_command_parser", lambda _: parser)
        raise ParsedError(own(arguments))

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", stop_after_parsing)

    def parse(command, arguments):
        main = importlib.import_module(COMMANDS[command]).main
        try:
            main(arguments)
        except ParsedError as parsed:
            return parsed.args[0]
        except SystemExit as ended:
            # `--help` exits with 0, and an unknown argument with 2.
            assert not ended.code, f"{command} does not know {shlex.join(arguments)}"
            return None
        raise AssertionError(f"{command} parsed nothing")

    return parse


def text_of(page):
    return page.read_text(encoding="utf-8")


def blocks(page):
    return "".join(_CODE.findall(text_of(page))).replace("\\\n", " ")


def spans(page):
    """Return the text in backticks outside code blocks, with line breaks as spaces."""
    return [" ".join(span.split()) for span in _INLINE.findall(_CODE.sub("", text_of(page)))]


def command_lines(page):
    """Return (module, arguments) of every `python -m` or `keras-f2a` command of a page."""
    lines = blocks(page).splitlines() + spans(page)
    return [
        (found[1] or "keras-f2a", shlex.split(found[2].split("|")[0], comments=True))
        for line in lines
        if (found := _COMMAND.search(line))
    ]


def anchors(page):
    headings = re.findall(r"^#+ (.*)$", _CODE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def name(page):
    return str(page.relative_to(ROOT))


def test_the_readme_stays_short():
    assert len(text_of(ROOT / "README.md").splitlines()) <= 200


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_are_understood_by_their_own_parsers(page, parse):
    for module, arguments in command_lines(page):
        if module in COMMANDS:
            # A command that is only mentioned has no arguments.
            if arguments[module == "keras-f2a" :]:
                parse(module, arguments)
        elif module not in ("pytest", "pip"):
            assert importlib.util.find_spec(module), f"{module}: no such module"


def test_every_page_has_commands_to_check():
    found = {module for page in PAGES for module, _ in command_lines(page)}
    assert found >= COMMANDS.keys()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_options_exist(page, parse):
    # Just enough arguments for each parser to succeed.
    needed = [
        ("keras-f2a", ["correct", "a.jpg", "--output", "out"]),
        ("keras-f2a", ["watch", "a", "b"]),
        ("keras-f2a", ["serve"]),
        ("keras-f2a", ["train"]),
        ("keras-f2a", ["evaluate", "--data", "d", "--methods", "flash", "--output", "out"]),
        ("keras-f2a", ["reproduce"]),
        ("keras-f2a", ["export"]),
        ("keras-f2a", ["card", "--output", "README.md"]),
        ("keras-f2a", ["cluster", "train", "--workers", "2"]),
        ("keras-f2a", ["import-authors", "a.pth", "--output", "a.keras"]),
        ("keras_f2a.export.serving_client", ["a.jpg", "--output", "out"]),
        ("keras_f2a.data.faid", ["raw", "out"]),
        ("tests.faults", []),
        ("tools.render_scenes", ["--output", "out"]),
        ("tools.train_placed_light", ["--views", "views", "--run-dir", "run"]),
    ]
    known = {"--help", "--version"}.union(
        *(
            re.findall(r"--[a-z][a-z-]*", parse(command, arguments).format_help())
            for command, arguments in needed
        )
    )
    named = {span.split()[0] for span in spans(page) if span.startswith("--")}
    assert named <= known


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_names_of_the_packages_exist(page):
    code = "\n".join([blocks(page), *spans(page)])
    for dotted in re.findall(r"(?<![\w./-])(?:keras_f2a|export)(?:\.[A-Za-z_]\w*)+", code):
        if not dotted.endswith((".keras", ".md")):
            pkgutil.resolve_name(dotted)


def test_the_reference_holds_every_name_of_the_package():
    pages = "".join(map(text_of, (ROOT / "docs" / "reference").glob("*.md")))
    modules = re.findall(r"^::: (\S+)$", pages, re.MULTILINE)
    assert {getattr(keras_f2a, name).__module__ for name in keras_f2a.__all__} <= set(modules)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_and_files_exist(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target
    for span in spans(page):
        first, separator, _ = span.partition("/")
        if separator and first in FOLDERS and re.fullmatch(r"[\w./-]+", span):
            assert (ROOT / span).exists(), span


def test_the_picture_of_the_house_is_the_house():
    """The page names every module of the package, and no module that does not exist."""
    picture = blocks(ROOT / "docs" / "design.md").split("beside it")[0]
    folder, named = ROOT, set()
    for word in re.findall(r"[\w/]+", re.sub(r"^\w+|\(.*?\)", "", picture, flags=re.MULTILINE)):
        if word.endswith("/"):
            folder = ROOT / word if word[:-1] in FOLDERS else ROOT / "keras_f2a" / word
        elif word.startswith("NAME_"):  # Adding one needs no change to the docs.
            found = sorted(folder.glob(word.replace("NAME", "*") + ".py"))
            assert found, word
            named |= {path.relative_to(ROOT).as_posix() for path in found}
        else:
            named.add((folder / f"{word}.py").relative_to(ROOT).as_posix())
    package = (ROOT / "keras_f2a").rglob("[!_]*.py")
    there = {path.relative_to(ROOT).as_posix() for path in package}
    assert named - there == set(), "only in docs/design.md"
    assert there - named == set(), "missing in docs/design.md"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_ranges_are_written_one_way(page):
    assert not re.search(r"\[\d,\d\]", text_of(page))
