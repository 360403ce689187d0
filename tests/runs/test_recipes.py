import json
from dataclasses import replace
from pathlib import Path

import pytest

from keras_f2a import train
from keras_f2a.runs import TrainingSettings
from keras_f2a.runs.options import settings_of
from keras_f2a.runs.recipes import RECIPES, read_recipe
from keras_f2a.support.errors import InputError
from keras_f2a.support.settings import settings_in

ROOT = Path(__file__).parents[2]
NOTHING = {"recipe": None, "demo": False, "config": None}


@pytest.mark.parametrize("name", RECIPES)
def test_the_packages_recipes_are_settings(name):
    assert TrainingSettings(**read_recipe(name)).resolved()


def test_the_papers_recipe_is_the_defaults():
    assert set(RECIPES) >= {"paper", "light", "demo"}
    assert TrainingSettings(**read_recipe("paper")) == TrainingSettings()


def test_the_demo_is_a_recipe():
    demo = settings_of({**NOTHING, "demo": True})
    assert demo == settings_of({**NOTHING, "recipe": "demo"})
    assert demo.networks.width == 0.25 and demo.optimizer.ema == 0.99


def test_a_recipe_of_notepad_is_read(tmp_path):
    (tmp_path / "mine.toml").write_text("epochs = 2\n", encoding="utf-8-sig")
    assert read_recipe(tmp_path / "mine.toml") == {"epochs": 2}


def test_options_win_over_the_recipe():
    given = settings_of({**NOTHING, "recipe": "light", "epochs": 2, "ema": 0.5})
    assert (given.epochs, given.optimizer.ema) == (2, 0.5)
    assert given.networks.generator == "light" and given.pairs.whole_images


def test_a_recipe_of_ones_own_trains(data_directory, tmp_path, monkeypatch):
    recipe = tmp_path / "mine.toml"
    recipe.write_text(
        "epochs = 1\n[pairs]\nbatch_size = 2\ncrop_size = 32\ncrop_scale = [0.8, 1]\n"
        '[networks]\nwidth = 0.0625\n[objective]\ncondition = "unet"\n'
    )
    monkeypatch.chdir(tmp_path)
    train.main(["--recipe", str(recipe), "--data", str(data_directory), "--seed", "3"])
    settings = json.loads((tmp_path / "runs/train/config.json").read_text())["settings"]
    assert settings["crop_scale"] == [0.8, 1] and settings["condition"] == "unet"
    assert (settings["epochs"], settings["seed"]) == (1, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "no such recipe; choose one of demo, light, light_refined, paper, or the path"),
        ("epochs = ", "cannot be read"),
        ("\udcff", "cannot be read"),
        ("sugar = 1", "the top has no setting sugar"),
        ("batch_size = 1", r"the top has no setting batch_size; it belongs to \[pairs\]"),
        ("[optimizer]\nseed = 1", r"\[optimizer\] has no setting seed"),
        (
            "[coffee]\ncups = 1",
            r"has an unknown table \[coffee\]; the tables are \[pairs\], \[networks\]",
        ),
        ("[pairs]\nbatch_size = 0", "recipe.toml: batch_size=0: must be at least 1"),
        ('[pairs]\nbatch_size = "many"', "batch_size=many: must be a whole number"),
        ("[pairs.more]\nbatch_size = 2", r"\[pairs\] has no setting more"),
        ("[[pairs]]\nbatch_size = 2", "pairs"),
        pytest.param(
            "epochs = " + 5000 * "[", r"toml: cannot be read \(it is nested too deeply\)", id="deep"
        ),
        ("epochs = nan", "^recipe=.*recipe.toml: epochs=nan: must be a whole number"),
        ("[optimizer]\nema = nan", "^recipe=.*recipe.toml: ema=nan: must be a finite number"),
        (
            "[pairs]\nwhole_images = true\ncrop_scale = [0.5, 1]",
            "^recipe=.*recipe.toml: crop_scale: cannot be combined with `whole_images`",
        ),
    ],
)
def test_recipes_that_are_none_are_named(text, message, tmp_path):
    path = tmp_path / "recipe.toml"
    if text is not None:
        path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(InputError, match=message):
        train.main(["--recipe", str(path), "--run-dir", str(tmp_path / "run")])
    assert not (tmp_path / "run").exists()


def test_an_option_is_blamed_for_its_own_value_only(tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('epochs = "ten"\n')
    assert settings_of({**NOTHING, "recipe": str(recipe), "epochs": 3}).epochs == 3
    with pytest.raises(InputError, match="^seed=-1: must be at least 0"):
        settings_of({**NOTHING, "recipe": str(recipe), "epochs": 3, "seed": -1})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            100_000 * "[", r"not a run's config.json \(it is nested too deeply\)", id="deep"
        ),
        ("[]", r"not a run's config.json \(no settings in it\)"),
        ('{"settings": {"epochs": "ten"}}', "epochs=ten: must be a whole number"),
    ],
)
def test_a_config_that_is_none_is_named(text, message, tmp_path):
    path = tmp_path / "config.json"
    path.write_text(text)
    with pytest.raises(InputError, match=f"^config={path}: {message}"):
        train.main(["--config", str(path), "--run-dir", str(tmp_path / "run")])
    assert not (tmp_path / "run").exists()


def test_the_makefile_names_recipes_and_no_option_lists():
    lines = (ROOT / "Makefile").read_text().replace("\\\n", " ").splitlines()
    lines = [line for line in lines if "keras_f2a.train " in line or "TRAIN_OPTIONS :=" in line]
    text = "\n".join(lines)
    options = {"--" + entry.name.replace("_", "-") for entry in settings_in(TrainingSettings)}
    places = {"--data", "--run-dir", "--start-from", "--perceptual-features"}
    assert not (options - places) & set(text.replace(",", " ").split())
    for name in ("demo", "light", "light_refined"):
        assert f"--recipe {name}" in text


def test_an_earlier_versions_config_goes_on():
    """A run of version 0.2 recorded its settings under the same flat names as today."""
    recorded = TrainingSettings(seed=4, batch_size=2, width=0.5).as_dict()
    assert "pairs" not in recorded and recorded["batch_size"] == 2
    again = replace(TrainingSettings(**recorded), seed=4)
    assert again.as_dict() == recorded
