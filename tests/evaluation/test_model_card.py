import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import ModelCard

from keras_f2a.cli.program import main
from keras_f2a.evaluation.model_card import write_model_card
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.models import PlacedLight
from keras_f2a.support.errors import InputError


@pytest.fixture
def results(tmp_path, rng):
    """Write the results of `keras-f2a evaluate` for two methods and thirty pairs."""
    scores = 20 + rng.normal(size=30)
    images = {
        f"a{i}": {"flash": {"psnr": 10.0}, "mine": {"psnr": value, "ssim": None, "psnr_aligned": 1}}
        for i, value in enumerate(scores)
    }
    document = {
        "data": {"pairs": 30, "sha256": "abcdef" * 10},
        "methods": {"flash": {}, "mine": {}},
        "images": images,
    }
    path = tmp_path / "results.json"
    path.write_text(json.dumps(document))
    return path, scores


@pytest.fixture
def mine(tmp_path):
    return shutil.copy(pretrained_file("keras"), tmp_path / "mine.keras")


def test_a_hub_reads_the_front_matter(results, mine, tmp_path):
    path, scores = results
    output = tmp_path / "README.md"
    arguments = ["card", "--model", mine, "--output", output, "--license", "cc-by-4.0"]
    arguments += ["--evaluations", path, "--repository", "we/mine"]
    main([str(argument) for argument in arguments])
    card = ModelCard.load(output)
    data = card.data
    assert (data.library_name, data.pipeline_tag) == ("keras", "image-to-image")
    assert (data.license, data.model_name) == ("cc-by-4.0", "mine")
    assert data.metrics == ["psnr", "psnr_aligned"]
    (score,) = [one for one in data.eval_results if one.metric_type == "psnr"]
    assert score.task_type == "image-to-image"
    assert score.metric_value == pytest.approx(scores.mean(), abs=1e-4)
    ends = score.metric_args
    assert ends["low"] < score.metric_value < ends["high"]
    width = 2 * 1.96 * scores.std(ddof=1) / np.sqrt(30)
    assert ends["high"] - ends["low"] == pytest.approx(width, rel=0.2)
    assert ends["pairs"] == 30
    assert 'model="hf://we/mine/mine.keras"' in card.text
    assert "| class | `LightGenerator` |" in card.text


def test_an_exported_file_tells_what_its_card_says(tmp_path):
    model = pretrained_file("int8.tflite")
    card = json.loads(model.with_suffix(".json").read_text())
    written = ModelCard.load(write_model_card(model, tmp_path / "README.md"))
    scores = {one.metric_type: one.metric_value for one in written.data.eval_results}
    parity = card["measured"]["parity"]
    assert scores == {name: round(parity[name], 4) for name in ("psnr", "ssim")}
    assert written.data.license == "apache-2.0"
    assert card["sha256"] in written.text


def test_what_a_card_lacks_is_one_line(results, mine, tmp_path):
    output = tmp_path / "README.md"
    path, _ = results
    for options, message in (
        ({}, "license: name the license of the weights"),
        ({"license": "mit", "evaluations": [tmp_path / "no"]}, "there is no such file"),
        ({"license": "mit", "evaluations": [mine]}, "not a results.json"),
        ({"license": "mit", "evaluations": [path], "method": "other"}, "other is not among its"),
        ({"license": "mit", "method": "mine"}, "method=mine: needs `evaluations`; give both"),
        *(
            ({"license": "mit", "repository": name}, "write USER/NAME$")
            for name in ("x", "a/b/c", "a/", 'a/b\n"', "a b/c", "")
        ),
    ):
        with pytest.raises(InputError, match=message):
            write_model_card(mine, output, **options)
        assert not output.exists()
    bare = Path(shutil.copy(pretrained_file("int8.tflite"), tmp_path / "bare.tflite"))
    with pytest.raises(InputError, match="has no card bare.json beside it"):
        write_model_card(bare, output, license="mit")
    output.write_text("mine")
    with pytest.raises(InputError, match="already exists"):
        write_model_card(mine, output, license="mit")
    assert output.read_text() == "mine"


@pytest.mark.parametrize("scores", [[None, 20.0], [None, 20.0, 24.0]])
def test_pairs_without_a_finite_score_are_mentioned(scores, mine, tmp_path):
    """`evaluate` writes null for the PSNR of a result that equals its target."""
    images = {f"a{i}": {"mine": {"psnr": psnr, "ssim": 0.5}} for i, psnr in enumerate(scores)}
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"methods": {"mine": {}}, "images": images}))
    output = write_model_card(mine, tmp_path / "README.md", license="mit", evaluations=[path])
    card = ModelCard.load(output)
    found = {one.metric_type: one for one in card.data.eval_results}
    left = len(scores) - 1
    assert found["psnr"].metric_value == np.mean(scores[1:])
    assert (found["psnr"].metric_args["pairs"], found["psnr"].metric_args["left_out"]) == (left, 1)
    assert "left_out" not in (found["ssim"].metric_args or {})
    assert f"| PSNR (dB) | {left}, pairs, 1 left out | " in card.text
    assert f"| SSIM | {len(scores)}, pairs | " in card.text
    assert "equals its target is infinite" in card.text


@pytest.mark.parametrize(
    "content",
    ["{}", "[1]", "3", '{"methods": {}, "images": {"a": 1}}']
    + ['{"methods": {"mine": {}}, "images": {"a": {"mine": 3}}}'],
)
def test_a_file_without_scores_is_named(content, mine, tmp_path):
    path = tmp_path / "results.json"
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        write_model_card(mine, tmp_path / "a.md", license="mit", evaluations=[path])
    wanted = f"{path}: not a results.json of keras-f2a evaluate (it contains no scores)"
    assert str(caught.value) == wanted


def test_a_number_that_no_float_holds_is_not_a_score(mine, tmp_path):
    scores = {"psnr": 10**400, "ssim": 0.5}
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"methods": {"mine": {}}, "images": {"a": {"mine": scores}}}))
    output = write_model_card(mine, tmp_path / "README.md", license="mit", evaluations=[path])
    assert ModelCard.load(output).data.metrics == ["ssim"]


@pytest.mark.parametrize("kind", ["keras", "tflite"])
def test_a_network_for_placed_light_is_shown_with_a_light(kind, tmp_path):
    model = tmp_path / f"lamps.{kind}"
    if kind == "keras":
        PlacedLight(width=0.1).save(model)
    else:
        model.write_bytes(b"exported")
        digest = hashlib.sha256(b"exported").hexdigest()
        measured = {"parity": {"psnr": 14.2, "ssim": 0.4}}
        facts = {"kind": "placed light", "sha256": digest, "measured": measured}
        model.with_suffix(".json").write_text(json.dumps(facts))
    output = tmp_path / "README.md"
    write_model_card(model, output, license="cc0-1.0", repository="we/lamps")
    card = ModelCard.load(output)
    assert f'Corrector(model="hf://we/lamps/lamps.{kind}", light="window-left")' in card.text
    assert "under a light that you describe" in card.text
    # Scores of an arbitrary light against one ambient photograph are meaningless.
    assert card.data.eval_results is None
