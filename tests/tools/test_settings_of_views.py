"""The command for views keeps the settings of a folder, without a renderer."""

import pytest

from keras_f2a.support.errors import InputError
from tools.render_views import check_settings, parse_arguments


def options(folder, *more):
    return parse_arguments(["--output", str(folder), "--assets", str(folder), *more])


def test_a_folder_keeps_its_settings(tmp_path):
    check_settings(options(tmp_path / "views"))
    check_settings(options(tmp_path / "views", "--scenes", "5"))
    with pytest.raises(InputError, match="was started with --seed 0; use the same value"):
        check_settings(options(tmp_path / "views", "--seed", "1"))


@pytest.mark.parametrize("content", ["{", "[1]", "5", "null", '"seed"', 100_000 * "[", "\udcff"])
def test_damaged_settings_are_named(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match="settings.json: is damaged; choose another --output"):
        check_settings(options(tmp_path))
