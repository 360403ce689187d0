import numpy as np
import pytest
from PIL import Image

from keras_f2a.evaluation.comparison import compare
from keras_f2a.evaluation.result import PhotoPair, Result
from keras_f2a.evaluation.shadows import load_shadows, shadow_error
from keras_f2a.support.errors import InputError


@pytest.fixture
def ambient(rng):
    return rng.integers(60, 160, (24, 32, 3)).astype(np.uint8)


@pytest.fixture
def shadow():
    mask = np.zeros((24, 32), bool)
    mask[8:16, 10:20] = True
    return mask


def error(output, ambient, shadow):
    return shadow_error(Result(PhotoPair(ambient, ambient, shadow), output / np.float32(255)))


def test_only_what_lies_in_shadow_counts(ambient, shadow):
    assert error(ambient, ambient, shadow) < 0.5  # only truncation differs
    darker = np.where(shadow[..., None], ambient // 2, ambient)
    elsewhere = np.where(shadow[..., None], ambient, ambient // 2)
    assert error(darker, ambient, shadow) > 35
    # Half the light outside the shadow raises the aligned exposure by two thirds, which brightens
    # the shadow by 75 levels. Over the whole picture, the error would be below 30.
    assert 70 < error(elsewhere, ambient, shadow) < 80


def test_exposure_does_not_count(ambient, shadow):
    assert error(ambient // 2, ambient, shadow) < 1


def test_what_is_not_known_is_nan(ambient, shadow):
    assert np.isnan(error(ambient, ambient, None))
    assert np.isnan(error(ambient, ambient, np.zeros_like(shadow)))


def save_pair(folder, name, ambient, shadow):
    Image.fromarray(np.where(shadow[..., None], ambient // 3, ambient)).save(
        folder / f"{name}_flash.png"
    )
    Image.fromarray(ambient).save(folder / f"{name}_ambient.png")


def test_shadows_beside_pairs_are_read_and_stand_in_the_table(tmp_path, ambient, shadow):
    for name in ("a", "b"):
        save_pair(tmp_path, name, ambient, shadow)
    Image.fromarray(np.uint8(255 * shadow)).save(tmp_path / "a_shadow.png")
    assert list(load_shadows(tmp_path, ["a", "b"], [ambient.shape] * 2)) == ["a"]
    evaluation, _, _, files = compare(tmp_path, ["flash"], tmp_path / "report")
    errors = evaluation.scores["flash"]["shadow_error"]
    assert errors[0] > 40 and np.isnan(errors[1])
    assert "Flash shadows: error" in files[1].read_text(encoding="utf-8")
    (tmp_path / "a_shadow.png").unlink()
    files = compare(tmp_path, ["flash"], tmp_path / "report", force=True).files
    assert "Flash shadows: error" not in files[1].read_text(encoding="utf-8")


def test_a_shadow_of_another_size_or_none_is_refused(tmp_path, ambient, shadow):
    save_pair(tmp_path, "a", ambient, shadow)
    Image.fromarray(np.uint8(255 * shadow[1:])).save(tmp_path / "a_shadow.png")
    with pytest.raises(InputError, match="a_shadow.png: 32×23 pixels, but its pair has 32×24"):
        compare(tmp_path, ["flash"], tmp_path / "report")
    (tmp_path / "a_shadow.png").write_bytes(b"x")
    with pytest.raises(InputError, match="a_shadow.png: cannot be read"):
        compare(tmp_path, ["flash"], tmp_path / "report")


def test_ambient_photographs_as_input(tmp_path, ambient, shadow):
    save_pair(tmp_path, "a", ambient, shadow)
    evaluation, _, _, files = compare(
        tmp_path, ["flash", "lime", "petschnigg"], tmp_path / "report", ambient_input=True
    )
    kept = {label: scores["without_flash"][0] for label, scores in evaluation.scores.items()}
    assert np.isnan(kept["flash"]) and np.isnan(kept["petschnigg"])
    assert 5 < kept["lime"] < 40
    table = files[1].read_text(encoding="utf-8")
    column = [
        cell.strip() for cell in table.split("| Brightness / ambient")[1].splitlines()[0].split("|")
    ]
    assert "Without flash: PSNR (dB)" in column
    assert evaluation.summary("lime", "without_flash").mean == pytest.approx(kept["lime"])
    assert evaluation.summary("lime", "without_flash").difference is None
    assert f"{kept['lime']:.1f}" in table
