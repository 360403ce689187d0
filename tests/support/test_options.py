import re
import subprocess
import sys

import keras_f2a.export.__main__
import pytest
from keras_f2a.export.settings import ExportSettings

import keras_f2a.correct
import keras_f2a.evaluate
import keras_f2a.reproduce
import keras_f2a.train
from keras_f2a.cli.program import COMMANDS, main
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.runs.options import GROUPS
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.command_line import with_option_names
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.settings import settings_in

OPTIONS = {"batch_size": "--batch-size", "crop_scale": "--crop-scale", "force": "--force"}


@pytest.mark.parametrize(
    "error, text",
    [
        (InputError("too many", setting="batch_size", value=9), "--batch-size 9: too many"),
        (InputError("missing", setting="batch_size"), "--batch-size: missing"),
        (
            InputError("crossed", setting="crop_scale", value=(1, 0.5)),
            "--crop-scale 1 0.5: crossed",
        ),
        (InputError("no", setting="force", value=True), "--force: no"),
        (InputError("empty", setting="crop_scale", value=""), "--crop-scale '': empty"),
        (InputError("no", setting="pairs", value=3), "pairs=3: no"),
        (InputError("a.jpg: exists; `force` replaces it"), "a.jpg: exists; --force replaces it"),
        (WorkError("use `batch_size=2` or less"), "use --batch-size 2 or less"),
        (WorkError("use `crop_scale='none'`"), "use --crop-scale none"),
        (WorkError("use `another_setting=2`"), "use `another_setting=2`"),
    ],
)
def test_settings_become_options(error, text):
    assert with_option_names(error, OPTIONS) == text


@pytest.mark.parametrize(
    "error, text",
    [
        (OSError(28, "No space left on device", "x"), "No space left on device"),
        (ValueError("one\n  two"), "one two"),
        (KeyError(), "KeyError"),
        (RecursionError("maximum recursion depth exceeded"), "it is nested too deeply"),
        ("a" * 400, "a" * 299 + "…"),
    ],
)
def test_foreign_errors_in_one_line(error, text):
    assert one_line(error) == text


@pytest.mark.parametrize("light", ["-60,20,0.5", "-.5,20,0.5*2+room", "0,-9,0.9"])
def test_a_light_may_begin_with_a_negative_number(light):
    options = keras_f2a.correct.parser().parse_args(
        ["a.jpg", "--output", "b", "--light", light, "--warmth", "-0.5"]
    )
    assert (options.light, options.warmth, options.photos) == (light, -0.5, ["a.jpg"])


def test_an_option_is_no_light(capsys):
    with pytest.raises(SystemExit):
        keras_f2a.correct.parser().parse_args(["a.jpg", "--light", "--warmth", "1"])
    assert "argument --light: expected one argument" in capsys.readouterr().err


def options_of(parser):
    return parser.option_names()


def test_every_setting_has_an_option():
    for parser, settings_class in (
        (keras_f2a.correct.parser(), CorrectionSettings),
        (keras_f2a.correct.parser(), OutputSettings),
        (keras_f2a.train.parser(), TrainingSettings),
        (keras_f2a.export.__main__.parser(), ExportSettings),
    ):
        assert {entry.name for entry in settings_in(settings_class)} <= options_of(parser).keys()


def test_help_shows_the_defaults_of_the_settings():
    text = " ".join(keras_f2a.train.parser().format_help().split())
    for name, item, _ in settings_in(TrainingSettings):
        if isinstance(item.default, int | float) and not isinstance(item.default, bool):
            option = options_of(keras_f2a.train.parser())[name]
            described = text.split(f" {option} N ")[-1]
            assert f"(default: {item.default:g})" in described.split(" --")[0], name


@pytest.mark.parametrize(
    "command",
    [*COMMANDS, "cluster correct", "cluster train", "prefer sheets", "prefer tally"],
)
def test_help_names_options_as_users_type_them(command, capsys):
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    text = capsys.readouterr().out
    assert "`" not in text
    assert not re.search(r"\d\s%", text)


def test_the_help_on_red_eyes_names_the_option_for_the_rules(capsys):
    with pytest.raises(SystemExit):
        main(["correct", "--help"])
    assert "if --rules is on" in " ".join(capsys.readouterr().out.split())


def test_only_what_is_given_is_parsed():
    parser = ArgumentParser(prog="test")
    parser.add_settings(TrainingSettings, options={"data": "--pairs"})
    given = parser.parse_args(["--crop-scale", ".5", "1", "--no-saturating", "--pairs", "x"])
    assert vars(given) == {"crop_scale": [0.5, 1.0], "saturating": False, "data": "x"}


@pytest.mark.parametrize("module", ["keras_f2a.train", "keras_f2a.reproduce", "export"])
def test_help_needs_no_tensorflow(module):
    code = (
        f"import runpy, sys; sys.argv = ['x', '--help']\ntry: runpy.run_module({module!r}, "
        "run_name='__main__')\nexcept SystemExit: pass\n"
        "assert not {'tensorflow', 'keras'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--help" in done.stdout


@pytest.mark.parametrize("arguments", [["--data", ""], ["--data="], ["--data", "x", "--data", ""]])
def test_an_empty_value_is_not_the_current_folder(arguments):
    for parser in (keras_f2a.train.parser(), keras_f2a.evaluate.parser()):
        with pytest.raises(InputError, match="^--data '': must not be empty$"):
            parser.parse_args(arguments)


def test_every_training_setting_stands_under_one_heading():
    placed = [name for names in GROUPS.values() for name in names]
    assert sorted(placed) == sorted(entry.name for entry in settings_in(TrainingSettings))
    headings = [f"\n{title}:\n" for title in GROUPS]
    places = [keras_f2a.train.parser().format_help().find(heading) for heading in headings]
    assert places == sorted(places) and places[0] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-dash.jpg", "--output", "q"], "arguments: -dash.jpg; write ./-dash.jpg for a file of"),
        (["a.jpg", "--output", "-q"], "arguments: -q; write ./-q for a file of this name"),
        (["a.jpg", "--otput", "q"], "unrecognized arguments: --otput (see"),
        (["a.jpg", "--otput=q q"], "unrecognized arguments: --otput=q q (see"),
        (["--", "-dash.jpg", "--output", "q"], "--output comes after --, where every word is a"),
    ],
)
def test_what_begins_with_a_dash_is_named(arguments, message, capsys):
    with pytest.raises(SystemExit, match="2"):
        keras_f2a.correct.parser().parse_args(arguments)
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["-q", "train"], ["prefer", "-q", "tally"]])
def test_what_begins_with_a_dash_before_a_command_is_named(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "unrecognized arguments: -q" in capsys.readouterr().err


def test_names_that_begin_with_a_dash_are_photographs():
    parse = keras_f2a.correct.parser().parse_args
    assert parse(["./-a.jpg", "-b c.jpg", "-1.jpg", "--output", "q"]).photos == [
        *("./-a.jpg", "-b c.jpg", "-1.jpg")
    ]
    assert parse(["--output", "q", "--", "-a.jpg", "-"]).photos == ["-a.jpg", "-"]


def test_a_number_that_is_not_finite_is_a_number():
    given = ["a.jpg", "--output", "q", "--strength", "-inf"]
    with pytest.raises(InputError, match="strength=-inf: must be a finite number"):
        keras_f2a.correct.main(given)


@pytest.mark.parametrize(
    ("module", "option", "value", "problem"),
    [
        (keras_f2a.evaluate, "--limit", "1.5", "is not a whole number"),
        (keras_f2a.evaluate, "--ambient-noise", "much", "is not a number"),
        (keras_f2a.train, "--epochs", "1.5", "is not a whole number"),
    ],
)
def test_all_numbers_are_refused_in_the_same_words(module, option, value, problem, capsys):
    with pytest.raises(SystemExit, match="2"):
        module.parser().parse_args(["--output", "out", option, value][2 * (option == "--epochs") :])
    assert f"argument {option}: {value!r} {problem} (see" in capsys.readouterr().err


def test_an_option_is_written_in_full(capsys):
    with pytest.raises(SystemExit, match="2"):
        keras_f2a.train.parser().parse_args(["--epoch", "3"])
    assert "--epoch" in capsys.readouterr().err
