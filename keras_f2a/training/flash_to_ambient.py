"""The paper's training as a `keras.Model`: one `train_step` for `fit`, alone or on many GPUs."""

from typing import Any

import keras
import tensorflow as tf

from keras_f2a.training import losses, metrics
from keras_f2a.training.optimizers import paper_adam, with_loss_scaling
from keras_f2a.training.paper import DISCRIMINATOR_LEARNING_RATE, GENERATOR_LEARNING_RATE


@keras.saving.register_keras_serializable(package="keras_f2a")
class FlashToAmbient(keras.Model):
    """A generator and a discriminator that are trained against each other (section 3).

    Each step updates the discriminator, then the generator against the updated discriminator; the
    generator runs forward once. `fit` takes batches of (flash, ambient), both RGB in [0, 1],
    (batch, height, width, 3); `predict` and calling the model take flash images and return the
    generated ambient ones.

    Logged by `fit` and `evaluate`: `reconstruction` (R, equation 3), `adversarial` (A's generator
    side), `perceptual` (the features' error), `generator` (equation 4, and that error times its
    weight), `discriminator` (both sides), `psnr` in decibels and `ssim`.

    Args:
        generator: Model from flash to ambient images.
        discriminator: Model from an image, or from [image, flash image], to patch logits. `None`
            trains with the reconstruction loss alone (Table 2, condition 3).
        adversarial_weight: λ of equation 4.
        guided: Whether the attention map guides both losses (equation 2).
        saturating: Whether the generator minimizes log(1 − D(fake)), as equation 3 is written,
            instead of −log D(fake), as the authors' code does.
        features: Model from an image to a list of features, which then count too
            (`keras_f2a.VGG16Features`); not in the paper.
        perceptual_weight: Weight of the features' error beside R.

    Example:
        ```python
        model = keras_f2a.FlashToAmbient(generator, keras_f2a.PatchDiscriminator())
        model.compile()
        model.fit(dataset, epochs=10, validation_data=validation)
        ```
    """

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
        **kwargs,
    ):
        # The wrapper computes nothing itself and must not round its inputs to half precision.
        super().__init__(**{"dtype": "float32", **kwargs})
        self.generator = generator
        self.discriminator: Any = discriminator
        self.adversarial_weight = adversarial_weight
        self.guided = guided
        self.saturating = saturating
        self.features = features
        self.perceptual_weight = perceptual_weight
        self.discriminator_optimizer: Any = None
        names = ["reconstruction", "generator", "psnr", "ssim"]
        if discriminator is not None:
            names += ["adversarial", "discriminator"]
        if features is not None:
            names += ["perceptual"]
        self._means = {name: keras.metrics.Mean(name=name) for name in names}
        self.built = True

    def compile(
        self,
        generator_optimizer: keras.optimizers.Optimizer | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | None = None,
        jit_compile: bool = False,
        **kwargs,
    ) -> None:
        """Sets the optimizers; by default the paper's, Adam at 2e-5 and 2e-6 with β₁ 0.5.

        Freeze or unfreeze layers before. Under a `tf.distribute` strategy compile inside its
        scope, as with every Keras model. The generator's optimizer is `model.optimizer`, the one
        that learning-rate callbacks change.

        Args:
            generator_optimizer: Updates the generator.
            discriminator_optimizer: Updates the discriminator.
            jit_compile: Whether XLA compiles the step; slower on a CPU.
            **kwargs: What else `keras.Model.compile` takes, for example `run_eagerly`.
        """
        if generator_optimizer is None:
            generator_optimizer = paper_adam(GENERATOR_LEARNING_RATE)
        optimizer = with_loss_scaling(generator_optimizer, self.generator)
        super().compile(optimizer=optimizer, jit_compile=jit_compile, **kwargs)
        # Both are built here: a variable cannot be made inside a replica's step.
        self.optimizer.build(self.generator.trainable_variables)
        if self.discriminator is not None:
            if discriminator_optimizer is None:
                discriminator_optimizer = paper_adam(DISCRIMINATOR_LEARNING_RATE)
            self.discriminator_optimizer = with_loss_scaling(
                discriminator_optimizer, self.discriminator
            )
            self.discriminator_optimizer.build(self.discriminator.trainable_variables)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The running means of everything that is logged."""
        return list(self._means.values())

    def prepared(self, batches: tf.data.Dataset) -> tf.data.Dataset:
        """Batches of RGB (flash, ambient) as `fit` takes them: here as they are."""
        return batches

    def call(self, flash, training=False):
        """Generates ambient images from flash images."""
        return self.generator(flash, training=training)

    def train_step(self, data) -> dict:
        """Updates discriminator and generator once on a batch of (flash, ambient)."""
        flash, ambient, _ = keras.utils.unpack_x_y_sample_weight(data)
        attention = losses.attention_map(flash, ambient) if self.guided else None
        with tf.GradientTape() as tape:
            generated = self.generator(flash, training=True)
            logged = {}
            if self.discriminator is not None:
                with tape.stop_recording():
                    logged["discriminator"] = self._update_discriminator(
                        flash, losses.guide(ambient, attention), losses.guide(generated, attention)
                    )
            logged |= self._generator_losses(flash, ambient, generated, attention, training=True)
            loss = self.optimizer.scale_loss(replica_share(logged["generator"]))
        variables = self.generator.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return self._log(logged, ambient, generated)

    def test_step(self, data) -> dict:
        """Computes the losses and the metrics of a batch of (flash, ambient)."""
        flash, ambient, _ = keras.utils.unpack_x_y_sample_weight(data)
        attention = losses.attention_map(flash, ambient) if self.guided else None
        generated = self.generator(flash, training=False)
        logged = self._generator_losses(flash, ambient, generated, attention, training=False)
        if self.discriminator is not None:
            logged["discriminator"] = losses.discriminator_loss(
                self._judge(losses.guide(ambient, attention), flash, training=False),
                self._judge(losses.guide(generated, attention), flash, training=False),
            )
        return self._log(logged, ambient, generated)

    def _update_discriminator(self, flash, real, fake):
        """One step on the guided images; returns the loss of each image."""
        optimizer = self.discriminator_optimizer
        with tf.GradientTape() as tape:
            # Generated first, as in the authors' code: the order shows in the running statistics.
            fake_logits = self._judge(fake, flash, training=True)
            real_logits = self._judge(real, flash, training=True)
            per_image = losses.discriminator_loss(real_logits, fake_logits)
            loss = optimizer.scale_loss(replica_share(per_image))
        variables = self.discriminator.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return per_image

    def _generator_losses(self, flash, ambient, generated, attention, training: bool) -> dict:
        reconstruction = losses.reconstruction_loss(ambient, generated, attention)
        logged, total = {"reconstruction": reconstruction}, reconstruction
        if self.features is not None:
            logged["perceptual"] = losses.perceptual_loss(
                self.features(ambient), self.features(generated)
            )
            total += self.perceptual_weight * logged["perceptual"]
        if self.discriminator is not None:
            logits = self._judge(losses.guide(generated, attention), flash, training)
            side = (
                losses.saturating_adversarial_loss if self.saturating else losses.adversarial_loss
            )
            logged["adversarial"] = side(logits)
            total = losses.generator_loss(total, logged["adversarial"], self.adversarial_weight)
        return {**logged, "generator": total}

    def _judge(self, images, flash, training: bool):
        conditional = len(self.discriminator.inputs) == 2
        inputs = [images, flash] if conditional else images
        return self.discriminator(inputs, training=training)

    def _log(self, logged: dict, ambient, generated) -> dict:
        values = logged | {
            "psnr": metrics.psnr(ambient, generated),
            "ssim": metrics.ssim(ambient, generated),
        }
        for name, mean in self._means.items():
            mean.update_state(values[name])
        return {name: mean.result() for name, mean in self._means.items()}

    def get_config(self) -> dict:
        """The settings and both networks, for `.keras` files."""
        return {
            **super().get_config(),
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "adversarial_weight": self.adversarial_weight,
            "guided": self.guided,
            "saturating": self.saturating,
            "features": keras.saving.serialize_keras_object(self.features),
            "perceptual_weight": self.perceptual_weight,
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None):
        """Rebuilds both networks and the model around them."""
        config = dict(config)
        for network in ("generator", "discriminator", "features"):
            config[network] = keras.saving.deserialize_keras_object(
                config.get(network), custom_objects=custom_objects
            )
        return cls(**config)

    def get_compile_config(self) -> dict | None:
        """Both optimizers, for `.keras` files; `None` before `compile`."""
        if not self.compiled:
            return None
        optimizers = {
            "generator_optimizer": self.optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
        }
        return {
            name: keras.saving.serialize_keras_object(optimizer)
            for name, optimizer in optimizers.items()
        }

    def compile_from_config(self, config: dict) -> None:
        """Compiles with the optimizers of a `.keras` file."""
        optimizers = {
            name: keras.saving.deserialize_keras_object(optimizer)
            for name, optimizer in config.items()
        }
        self.compile(**optimizers)


def replica_share(per_image):
    """The mean over this replica's images, so that the replicas' gradients sum to the batch's.

    Exact when every replica has the same number of images.
    """
    return tf.reduce_mean(per_image) / tf.distribute.get_strategy().num_replicas_in_sync
