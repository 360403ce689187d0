"""The model that a run's settings describe, and the weights that it begins with."""

import keras

from keras_f2a.generator_files import load_generator
from keras_f2a.models import EncoderWeightsError, VGG16Features
from keras_f2a.models.vgg16_generator import freeze
from keras_f2a.runs.settings import TrainingSettings
from keras_f2a.support.errors import InputError
from keras_f2a.training import building
from keras_f2a.training.base_model import PairModel
from keras_f2a.training.flash_to_ambient import FlashToAmbient
from keras_f2a.training.optimizers import cosine_decay, paper_adam


def build_model(settings: TrainingSettings, steps: int, *, restored: bool = False) -> PairModel:
    """Builds and compiles what resolved settings train, in the current strategy and precision.

    Args:
        settings: Resolved settings.
        steps: How many steps the run has in all.
        restored: Whether a checkpoint brings all weights, so that no other file is read.

    Raises:
        InputError: The encoder's weights cannot be had.
    """
    pretrained = settings.encoder_weights != "none"
    encoder_weights = settings.encoder_weights if pretrained and not restored else None
    try:
        generator = building.build_generator(
            settings.condition,
            width=settings.width,
            encoder_weights=encoder_weights,
            preprocessing=settings.preprocessing,
            generator=settings.generator,
            initialization=settings.initialization,
        )
    except EncoderWeightsError as error:
        raise InputError(str(error), setting="encoder_weights") from error
    if pretrained and restored:
        freeze(generator)
    model = building.build_model(
        settings.condition,
        generator,
        width=settings.width,
        adversarial_weight=settings.adversarial_weight,
        conditional=settings.conditional_discriminator,
        saturating=settings.saturating,
        initialization=settings.initialization,
        features=_features(settings, restored),
        perceptual_weight=settings.perceptual_weight,
    )
    optimizers = [
        paper_adam(cosine_decay(rate, steps) if settings.cosine_decay else rate)
        for rate in (settings.generator_learning_rate, settings.discriminator_learning_rate)
    ]
    if settings.ema is not None:
        optimizers[0].use_ema = True
        optimizers[0].ema_momentum = settings.ema
    both = isinstance(model, FlashToAmbient)
    model.compile(*optimizers[: 2 if both else 1])
    return model


def begin_with(generator: keras.Model, path: str) -> None:
    """Gives a generator the weights of another one.

    Args:
        generator: The generator that is to be trained.
        path: The other's `.keras` file, or a finished run's folder.

    Raises:
        InputError: There is no such model, or it has other layers.
    """
    try:
        earlier = load_generator(path)
    except InputError as error:
        raise InputError(str(error), setting="start_from") from error
    if [weight.shape for weight in earlier.weights] != [w.shape for w in generator.weights]:
        raise InputError(
            f"a {type(earlier).__name__} of other layers than the {type(generator).__name__} that "
            "is trained; repeat its run's settings (`config` reads them)",
            setting="start_from",
            value=path,
        )
    generator.set_weights(earlier.get_weights())


def _features(settings: TrainingSettings, restored: bool) -> VGG16Features | None:
    if not settings.perceptual_weight:
        return None
    try:
        return VGG16Features(encoder_weights=None if restored else settings.perceptual_features)
    except EncoderWeightsError as error:
        raise InputError(str(error), setting="perceptual_features") from error
