"""The paper's training as a `keras.Model`: one `train_step` for `fit`, on one or many GPUs."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from keras_f2a.support.errors import InputError
from keras_f2a.training import losses
from keras_f2a.training.base_model import PairModel, replica_share, update
from keras_f2a.training.batches import Pairs
from keras_f2a.training.checked_networks import (
    check_discriminator,
    validate_factor,
    validate_network,
)
from keras_f2a.training.conditions import DISCRIMINATOR_LEARNING_RATE
from keras_f2a.training.optimizers import resolve_optimizer, unscaled
from keras_f2a.training.step_setting import StepSetting


def _validate_perceptual_weight(model: "FlashToAmbient", value: Any) -> float:
    value = validate_factor("perceptual_weight", value)
    if value and model.features is None:
        raise InputError(
            "needs `features`, because it weights their error",
            setting="perceptual_weight",
            value=value,
        )
    return value


@keras.saving.register_keras_serializable(package="keras_f2a")
class FlashToAmbient(PairModel):
    """A generator and a discriminator that are trained against each other (section 3).

    Each step updates the discriminator and then the generator against the updated discriminator.
    It needs one forward pass of the generator. `fit` takes batches of (flash, ambient), both RGB in
    [0, 1], (batch, height, width, 3), optionally with `sample_weight`. `predict` and calling the
    model take flash images and return the generated ambient images.

    `fit` and `evaluate` log these values:

    - The losses of `keras_f2a.training.losses.LOSSES` that the model uses: `reconstruction` (R,
      equation 3), `adversarial` (A's generator side) and `perceptual` (the features' error).
    - `generator`, their weighted sum (equation 4), which is also logged as `loss`.
    - `discriminator`, the discriminator's loss (both sides).
    - `psnr` in decibels, and `ssim`.

    Args:
        generator: Model from flash to ambient images.
        discriminator: Model from an image, or from [image, flash image], to patch logits. `None`
            trains with the reconstruction loss alone (Table 2, condition 3).
        adversarial_weight: λ of equation 4.
        guided: Whether the attention map guides both losses (equation 2).
        saturating: Whether the generator minimizes log(1 − D(fake)), as equation 3 is written,
            instead of −log D(fake), as the authors' code does.
        features: Model from an image to a list of features, whose error is added to the loss
            (`keras_f2a.VGG16Features`). It is not in the paper.
        perceptual_weight: Weight of the features' error relative to R. It needs `features`, which
            are not used if it is 0.
        logged: Names of further losses that a subclass's `losses_of` returns.

    The weights, `guided` and `saturating` may be set again at any time, even in a callback. The
    next step uses the new values. It is traced again, which takes as long as the first step of
    `fit`.

    Raises:
        InputError: A network is not a `keras.Model`, a weight is not a finite number of at least 0,
            there is a `perceptual_weight` without `features`, or two losses have the same name.

    Example:
        ```python
        model = keras_f2a.FlashToAmbient(generator, keras_f2a.PatchDiscriminator())
        model.compile()
        model.fit(dataset, epochs=10, validation_data=validation)
        ```
    """

    adversarial_weight = StepSetting(1.0, lambda _, λ: validate_factor("adversarial_weight", λ))
    guided = StepSetting(True)
    saturating = StepSetting(False)
    perceptual_weight = StepSetting(0.0, _validate_perceptual_weight)

    discriminator: Any = None
    features: Any = None
    _registered: Mapping[str, losses.Loss] = {}

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model | None = None,
        *,
        adversarial_weight: float = 1.0,
        guided: bool = True,
        saturating: bool = False,
        features: keras.Model | None = None,
        perceptual_weight: float = 0.0,
        logged: Sequence[str] = (),
        **kwargs,
    ):
        super().__init__(generator, logged=logged, **kwargs)
        # Losses that are registered later do not affect this model.
        self._registered = dict(losses.LOSSES)
        if discriminator is not None:
            self.discriminator = validate_network("discriminator", discriminator)
        if features is not None:
            self.features = validate_network("features", features)
        self.adversarial_weight = adversarial_weight
        self.guided = guided
        self.saturating = saturating
        self.perceptual_weight = perceptual_weight
        self.discriminator_optimizer: Any = None
        self.renew_steps()

    @property
    def logged_losses(self) -> list[str]:
        """The names of the losses in use, including the discriminator's."""
        discriminator = [] if self.discriminator is None else ["discriminator"]
        others = [name for name in self.loss_weights if name != "reconstruction"]
        return ["reconstruction", "generator", *others, *discriminator, *self._logged]

    @property
    def least_side(self) -> int:
        """The smallest height and width that the scores and the features in use can take."""
        features = self.features if "perceptual" in self.loss_weights else None
        return max(super().least_side, getattr(features, "LEAST_SIDE", 1))

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None) -> "FlashToAmbient":
        """Rebuild the networks and the model around them."""
        if config.get("features") is None:  # Earlier versions kept a weight without effect.
            config = {**config, "perceptual_weight": 0.0}
        return super().from_config(config, custom_objects)

    def compile(  # type: ignore[override]
        self, generator_optimizer: Any = None, discriminator_optimizer: Any = None, **kwargs
    ) -> None:
        """Set the optimizers, by default the paper's: Adam at 2e-5 and 2e-6 with β₁ 0.5.

        Args:
            generator_optimizer: A Keras optimizer, its name or its configuration. It may also be
                passed as `optimizer`, as in Keras.
            discriminator_optimizer: The same for the discriminator, if there is one.
            **kwargs: Other arguments of `PairModel.compile`.

        Raises:
            InputError: There is no such optimizer, both networks share one object, a loss or a
                metric is given, or a network is not built or does not fit.
        """
        super().compile(generator_optimizer, **kwargs)
        self.discriminator_optimizer = None
        if self.discriminator is None:
            return
        check_discriminator(self.discriminator)
        optimizer = resolve_optimizer(
            discriminator_optimizer,
            self.discriminator,
            default_rate=DISCRIMINATOR_LEARNING_RATE,
            setting="discriminator_optimizer",
            scale_loss=kwargs.get("auto_scale_loss", True),
        )
        if unscaled(optimizer) is unscaled(self.optimizer):
            raise InputError(
                "is the generator's optimizer; each network needs its own",
                setting="discriminator_optimizer",
            )
        optimizer.build(self.discriminator.trainable_variables)
        self.discriminator_optimizer = optimizer

    def losses_of(self, pairs: Pairs, tape: tf.GradientTape | None) -> tuple[dict, Any]:
        """Compute the losses and the generated images. In training, update the discriminator."""
        attention = losses.attention_map(pairs.flash, pairs.ambient) if self.guided else None
        generated = self.predicted(pairs.flash, training=tape is not None)
        logged, fake_logits = {}, None
        if self.discriminator is not None:
            real = losses.guide(pairs.ambient, attention)
            fake = losses.guide(generated, attention)
            logged["discriminator"], fake_logits = self._discriminate(pairs, real, fake, tape)
        batch = losses.Generated(
            pairs.flash,
            pairs.ambient,
            generated,
            attention=attention,
            features=self.features,
            fake_logits=fake_logits,
            saturating=self.saturating,
        )
        generator_losses = losses.generator_losses(batch, self.loss_weights, self._registered)
        return {**logged, **generator_losses}, generated

    @property
    def loss_weights(self) -> dict[str, float]:
        """The factor of each loss that the generator minimizes, by name."""
        return losses.weights_of(self, self._registered)

    def _discriminate(self, pairs: Pairs, real, fake, tape) -> tuple[Any, Any]:
        """Return D's loss per image, and the logits of the updated D for the generated images."""
        if tape is None:
            fake_logits = self._judge(fake, pairs.flash, training=False)
            real_logits = self._judge(real, pairs.flash, training=False)
            return losses.discriminator_loss(real_logits, fake_logits), fake_logits
        with tape.stop_recording():
            loss = self._update_discriminator(pairs, real, fake)
        return loss, self._judge(fake, pairs.flash, training=True)

    def _update_discriminator(self, pairs: Pairs, real, fake):
        """Update D once on the guided images and return its loss per image."""
        optimizer = self.discriminator_optimizer
        with tf.GradientTape() as tape:
            # Judge the generated images first, as the authors' code does, because the order affects
            # the running statistics.
            fake_logits = self._judge(fake, pairs.flash, training=True)
            real_logits = self._judge(real, pairs.flash, training=True)
            per_image = losses.discriminator_loss(real_logits, fake_logits)
            loss = optimizer.scale_loss(replica_share(pairs.weighted(per_image)))
        update(self.discriminator, optimizer, tape=tape, loss=loss)
        return per_image

    def _judge(self, images, flash, training: bool):
        conditional = len(self.discriminator.inputs) == 2
        inputs = [images, flash] if conditional else images
        return tf.cast(self.discriminator(inputs, training=training), images.dtype)

    def get_config(self) -> dict:
        """Return the settings and all networks, for `.keras` files."""
        return {
            **super().get_config(),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "adversarial_weight": self.adversarial_weight,
            "guided": self.guided,
            "saturating": self.saturating,
            "features": keras.saving.serialize_keras_object(self.features),
            "perceptual_weight": self.perceptual_weight,
        }

    def get_compile_config(self) -> dict | None:
        """Return both optimizers and how a step is run, for `.keras` files.

        Return `None` before `compile`.
        """
        config = super().get_compile_config()
        if config is None:
            return None
        optimizer = keras.saving.serialize_keras_object(self.discriminator_optimizer)
        return {**config, "discriminator_optimizer": optimizer}
