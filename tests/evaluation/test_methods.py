import numpy as np
import pytest

import keras_f2a
from keras_f2a.baselines import lime
from keras_f2a.evaluation import methods
from keras_f2a.support.errors import InputError, WorkError


@pytest.fixture
def image(rng):
    return rng.random((32, 48, 3), np.float32)


ONE_IMAGE = ["flash", "lime", "lime-gamma-0.7", "srie", "intrinsic"]
TWO_IMAGES = ["ambient", "petschnigg", "eisemann", "eisemann-cast-1", "agrawal"]
TWO_IMAGES += ["agrawal-flash"]


@pytest.mark.parametrize("name", [*ONE_IMAGE, *TWO_IMAGES])
def test_named_methods_keep_shape_and_range_and_the_input(name, image, rng):
    ambient = rng.random(image.shape, np.float32)
    given = image.copy(), ambient.copy()
    label, method = next(iter(methods.load_methods([name]).items()))
    output = methods.apply(method, label, image, image_name="Toys_001", ambient=ambient)
    assert label == name and output.shape == image.shape and output.dtype == np.float32
    assert output.min() >= 0 and output.max() <= 1
    np.testing.assert_array_equal((image, ambient), given)
    assert methods.sees_ambient(method) == (name in TWO_IMAGES)


def test_the_names_say_what_sees_the_ambient_photograph():
    marked = [f"{name} (sees ambient)" for name in TWO_IMAGES]
    assert {*ONE_IMAGE, *marked} <= set(methods.method_names())


@pytest.mark.parametrize("name", TWO_IMAGES)
def test_a_pair_without_ambient_photograph_is_named(name, image):
    (method,) = methods.load_methods([name]).values()
    with pytest.raises(InputError, match=f"method {name} also needs .*, but Toys_001 has none"):
        methods.apply(method, name, image, image_name="Toys_001")


def test_a_users_method_may_ask_for_the_ambient_photograph(tmp_path, monkeypatch, image):
    (tmp_path / "with_two.py").write_text(
        "from keras_f2a.evaluation.methods import SeesAmbient\n\n"
        "@SeesAmbient\ndef average(flash, ambient):\n    return (flash + ambient) / 2\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    (method,) = methods.load_methods(["with_two:average"]).values()
    assert methods.sees_ambient(method)
    output = methods.apply(method, "average", image, image_name="", ambient=np.zeros_like(image))
    np.testing.assert_allclose(output, image / 2)


def test_flash_is_the_image_itself(image):
    (method,) = methods.load_methods(["flash"]).values()
    np.testing.assert_array_equal(methods.apply(method, "flash", image, image_name="x"), image)


def test_the_flash_papers_gamma_has_a_row_of_its_own(image):
    (method,) = methods.load_methods(["lime-gamma-0.7"]).values()
    np.testing.assert_array_equal(method(image), lime(image, gamma=0.7))


def test_a_users_method_gets_a_name(image):
    methods.register("square root", np.sqrt)
    (method,) = methods.load_methods(["square root"]).values()
    np.testing.assert_allclose(methods.apply(method, "", image, image_name=""), np.sqrt(image))


def test_a_function_of_a_module(tmp_path, monkeypatch, image):
    (tmp_path / "my_methods.py").write_text("def darker(image):\n    return image / 2\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    loaded = methods.load_methods(["flash", "my_methods:darker"])
    assert list(loaded) == ["flash", "darker"]
    np.testing.assert_allclose(methods.apply(loaded["darker"], "", image, image_name=""), image / 2)


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
    with pytest.raises(InputError, match="two methods are named 'flash'"):
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
        methods.apply(method, "mine", image, image_name="Toys_001")
    assert "mine" in str(caught.value) and "Toys_001" in str(caught.value)


def test_values_outside_are_clipped(image):
    output = methods.apply(lambda image: image * 4 - 1, "mine", image, image_name="x")
    assert output.min() == 0 and output.max() == 1


def save_darkening_generator(path, size=(None, None)):
    """Save a generator that halves every value, because its gain is 4 · sigmoid(bias − log 3)."""
    generator = keras_f2a.SmallGenerator((*size, 3), width=1 / 8)
    kernel, bias = generator.get_layer("gain_conv").get_weights()
    generator.get_layer("gain_conv").set_weights([kernel, bias + np.log(3 / 7)])
    generator.save(path)


def test_a_keras_file_runs_at_the_images_size(tmp_path, image):
    save_darkening_generator(tmp_path / "half.keras")
    ((label, method),) = methods.load_methods([str(tmp_path / "half.keras")]).items()
    assert label == "half"
    np.testing.assert_allclose(
        methods.apply(method, label, image, image_name=""), image / 2, atol=1e-6
    )


@pytest.mark.parametrize("size", [(32, 48), (48, 32), (40, 64)])
def test_a_generator_of_fixed_size_sees_the_image_in_its_frame(tmp_path, image, size):
    save_darkening_generator(tmp_path / "fixed.keras", size)
    (method,) = methods.load_methods([str(tmp_path / "fixed.keras")]).values()
    np.testing.assert_allclose(
        methods.apply(method, "", image, image_name=""), image / 2, atol=1e-6
    )


def test_a_smaller_fixed_size_carries_its_effect_to_all_pixels(tmp_path, image):
    save_darkening_generator(tmp_path / "small.keras", (16, 24))
    (method,) = methods.load_methods([str(tmp_path / "small.keras")]).values()
    np.testing.assert_allclose(
        methods.apply(method, "", image, image_name=""), image / 2, atol=0.02
    )


def test_a_damaged_model_is_named(tmp_path):
    (tmp_path / "bad.keras").write_bytes(b"no model")
    with pytest.raises(InputError, match=r"bad\.keras"):
        methods.load_methods([str(tmp_path / "bad.keras")])
