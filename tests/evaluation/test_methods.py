import numpy as np
import pytest

from keras_f2a.baselines import lime
from keras_f2a.evaluation import methods
from keras_f2a.evaluation.comparison import compare
from keras_f2a.runs import TrainingSettings, train
from keras_f2a.support.errors import InputError, WorkError


@pytest.fixture
def image(rng):
    return rng.random((32, 48, 3), np.float32)


@pytest.mark.parametrize("name", ["flash", "lime", "lime-gamma-0.7", "srie"])
def test_named_methods_keep_shape_and_range_and_the_input(name, image):
    given = image.copy()
    label, method = next(iter(methods.load_methods([name]).items()))
    output = methods.apply(method, label, image, "Toys_001")
    assert label == name and output.shape == image.shape and output.dtype == np.float32
    assert output.min() >= 0 and output.max() <= 1
    np.testing.assert_array_equal(image, given)


def test_flash_is_the_image_itself(image):
    (method,) = methods.load_methods(["flash"]).values()
    np.testing.assert_array_equal(methods.apply(method, "flash", image, "x"), image)


def test_the_flash_papers_gamma_has_a_row_of_its_own(image):
    (method,) = methods.load_methods(["lime-gamma-0.7"]).values()
    np.testing.assert_array_equal(method(image), lime(image, gamma=0.7))


def test_a_users_method_gets_a_name(image):
    methods.register("square root", np.sqrt)
    (method,) = methods.load_methods(["square root"]).values()
    np.testing.assert_allclose(methods.apply(method, "", image, ""), np.sqrt(image))
    assert "square root" in methods.method_names()


def test_a_function_of_a_module(tmp_path, monkeypatch, image):
    (tmp_path / "my_methods.py").write_text("def darker(image):\n    return image / 2\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    loaded = methods.load_methods(["flash", "my_methods:darker"])
    assert list(loaded) == ["flash", "darker"]
    np.testing.assert_allclose(methods.apply(loaded["darker"], "", image, ""), image / 2)


@pytest.mark.parametrize(
    ("specification", "message"),
    [
        ("limes", "flash, lime"),
        ("no_such_module:f", "cannot import no_such_module"),
        ("json:no_such_function", "no function no_such_function"),
        ("missing.tflite", "missing.tflite"),
        ("missing.keras", "missing.keras"),
    ],
)
def test_unknown_methods_are_named(specification, message):
    with pytest.raises(InputError, match=message) as caught:
        methods.load_methods(["flash", specification])
    assert specification in str(caught.value) and "\n" not in str(caught.value)


def test_a_folder_without_generator_is_named(tmp_path):
    with pytest.raises(InputError, match=r"generator\.keras"):
        methods.load_methods([str(tmp_path)])


def test_two_methods_of_one_name_are_refused():
    with pytest.raises(InputError, match="second method named 'flash'"):
        methods.load_methods(["flash", "flash"])


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (lambda image: image[::2], "shape"),
        (lambda image: image / 0, "not finite"),
        (lambda image: image["a"], "failed on Toys_001: IndexError"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
def test_a_method_that_misbehaves_is_named(method, message, image):
    with pytest.raises(WorkError, match=message) as caught:
        methods.apply(method, "mine", image, "Toys_001")
    assert "mine" in str(caught.value) and "Toys_001" in str(caught.value)


def test_values_outside_are_clipped(image):
    output = methods.apply(lambda image: image * 4 - 1, "mine", image, "x")
    assert output.min() == 0 and output.max() == 1


def darkening_generator(size=(None, None), scale=0.5):
    import keras

    inputs = keras.Input((*size, 3))
    return keras.Model(inputs, keras.layers.Rescaling(scale)(inputs))


def test_a_run_directory_and_a_keras_file_run_at_the_images_size(tmp_path, image):
    run = tmp_path / "my run"
    run.mkdir()
    darkening_generator().save(run / "generator.keras")
    (run / "config.json").write_text(json.dumps({"settings": {"condition": "guided"}}))
    loaded = methods.load_methods([str(run), str(run / "generator.keras")])
    assert list(loaded) == ["my run", "generator"]
    for label, method in loaded.items():
        np.testing.assert_allclose(methods.apply(method, label, image, ""), image / 2, atol=1e-6)


@pytest.mark.parametrize("size", [(32, 48), (48, 32), (40, 64)])
def test_a_generator_of_fixed_size_sees_the_image_in_its_frame(tmp_path, image, size):
    darkening_generator(size).save(tmp_path / "fixed.keras")
    (method,) = methods.load_methods([str(tmp_path / "fixed.keras")]).values()
    np.testing.assert_allclose(methods.apply(method, "", image, ""), image / 2, atol=1e-6)


def test_a_smaller_fixed_size_carries_its_effect_to_all_pixels(tmp_path, image):
    darkening_generator((16, 24)).save(tmp_path / "small.keras")
    (method,) = methods.load_methods([str(tmp_path / "small.keras")]).values()
    np.testing.assert_allclose(methods.apply(method, "", image, ""), image / 2, atol=0.02)


def test_a_deepflash_run_is_applied_as_a_difference(data_directory, tmp_path):
    """Trained as the command trains it, put into the table as the command puts it."""
    run = tmp_path / "deepflash"
    settings = TrainingSettings(
        run_dir=str(run),
        data=str(data_directory),
        condition="deepflash",
        epochs=15,
        batch_size=2,
        crop_size=32,
        width=1 / 16,
        encoder_weights="none",
        generator_learning_rate=1e-3,
    )
    trained = train(settings).metrics["after"]
    evaluation, _ = compare(data_directory / "test", ["flash", str(run)], tmp_path / "report")
    psnr = {label: scores["psnr"].mean() for label, scores in evaluation.scores.items()}
    # The run's own validation rounds nothing and filters 8-bit images.
    assert psnr["deepflash"] == pytest.approx(trained["psnr"], abs=0.2)
    # These flash images are too dark: what is subtracted must be negative.
    assert psnr["deepflash"] > psnr["flash"] + 0.5


def test_a_damaged_model_is_named(tmp_path):
    (tmp_path / "bad.keras").write_bytes(b"no model")
    with pytest.raises(InputError, match=r"bad\.keras"):
        methods.load_methods([str(tmp_path / "bad.keras")])
