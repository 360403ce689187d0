import numpy as np
import pytest

from keras_f2a.runs import TrainingSettings
from keras_f2a.training.building import build_model
from keras_f2a.training.conditions import CONDITIONS
from keras_f2a.training.settings import NetworkSettings, ObjectiveSettings, OptimizerSettings


@pytest.fixture
def model():
    objective = ObjectiveSettings(condition="pix2pix")
    return build_model(NetworkSettings(width=1 / 16), objective, OptimizerSettings())


@pytest.fixture
def batch(rng):
    return tuple(rng.random((2, 2, 32, 32, 3), np.float32))


def test_the_discriminator_judges_image_and_flash_image(model):
    assert len(model.discriminator.inputs) == 2
    assert model.generator.name == "unet_generator" and not model.guided


def test_the_loss_is_isolas_divided_by_its_weight_of_100(model, batch):
    losses = model.test_on_batch(*batch, return_dict=True)
    isola = losses["adversarial"] + 100 * losses["reconstruction"]
    assert losses["generator"] == pytest.approx(isola / 100, rel=1e-5)


def test_a_step_moves_both_networks(model, batch):
    networks = model.generator, model.discriminator
    before = [network.get_weights() for network in networks]
    model.train_on_batch(*batch)
    for network, old in zip(networks, before, strict=True):
        pairs = zip(old, network.get_weights(), strict=True)
        assert any(np.abs(was - now).max() > 0 for was, now in pairs)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_settings_take_what_is_left_open_from_the_condition(condition):
    resolved = TrainingSettings(condition=condition).resolved().objective
    own = condition == "pix2pix"
    assert resolved.adversarial_weight == (0.01 if own else 1.0)
    assert resolved.conditional_discriminator == own
    given = {"adversarial_weight": 0.5, "conditional_discriminator": not own}
    resolved = TrainingSettings(condition=condition, **given).resolved().objective
    assert resolved.adversarial_weight == 0.5 and resolved.conditional_discriminator != own
