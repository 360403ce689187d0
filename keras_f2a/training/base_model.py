"""The base of all trained models: a generator, its optimizer, checked batches and logged means."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from keras_f2a.support.errors import InputError
from keras_f2a.training import metrics
from keras_f2a.training.batches import (
    Pairs,
    batch_errors_in_one_line,
    check_images,
    to_image_tensor,
    unpack_pairs,
)
from keras_f2a.training.checked_networks import check_generator, validate_network
from keras_f2a.training.compile_arguments import compile_options
from keras_f2a.training.conditions import GENERATOR_LEARNING_RATE
from keras_f2a.training.one_line_calls import OneLineModel
from keras_f2a.training.optimizers import resolve_optimizer
from keras_f2a.training.stored_model import StoredModel


class PairModel(OneLineModel, StoredModel):
    """A generator that is trained on batches of (flash, ambient).

    A subclass defines the losses. It implements `losses_of` and adds its own arguments to
    `get_config`.

    Args:
        generator: The network to train.
        logged: Names of further losses that `losses_of` returns, which each step also logs.
        **kwargs: Other arguments of `keras.Model`.

    Raises:
        InputError: The generator is not a `keras.Model`, or two logged values have the same name.
    """

    CHANNELS = 3
    """Number of channels of the images that `fit` and calling the model take."""

    def __init__(self, generator: keras.Model, *, logged: Sequence[str] = (), **kwargs):
        # The wrapper computes nothing itself and must not round its inputs to half precision.
        super().__init__(**{"dtype": "float32", **kwargs})
        self.generator = validate_network("generator", generator)
        self._logged = tuple(logged)
        self._means: dict[str, keras.metrics.Mean] = {}
        self.built = True
        self.renew_steps()

    @property
    def logged_losses(self) -> list[str]:
        """The names of the losses that `losses_of` returns."""
        return ["reconstruction", "generator", *self._logged]

    @property
    def least_side(self) -> int:
        """The smallest height and width, in pixels, of the images that can be trained on."""
        return metrics.SSIM_WINDOW

    @property
    def image_dtype(self) -> str:
        """The dtype of losses: float64 if the generator's images have it, otherwise float32."""
        outputs = getattr(self.generator, "outputs", None)
        dtype = outputs[0].dtype if outputs else self.generator.compute_dtype
        return "float64" if dtype == "float64" else "float32"

    def renew_steps(self) -> None:
        """Update the logged values, and retrace the steps that have already been traced.

        Raises:
            InputError: Two logged values have the same name.
        """
        first, second, *others = self.logged_losses
        names = (first, second, *metrics.SCORES, *others)
        duplicates = [name for name in names if names.count(name) > 1 or name == "loss"]
        if duplicates:
            raise InputError(
                f"a loss cannot be named `{duplicates[0]}`, because that name is already logged"
            )
        with self.distribute_strategy.scope():
            self._means = {
                name: self._means.get(name) or keras.metrics.Mean(name=name) for name in names
            }
        if self.train_function is not None:
            self.make_train_function(force=True)
        if self.test_function is not None:
            self.make_test_function(force=True)

    def losses_of(self, pairs: Pairs, tape: tf.GradientTape | None) -> tuple[dict, Any]:
        """Compute the losses of a batch and the generated images.

        Args:
            pairs: The batch.
            tape: The tape that records the generator in training, `None` in validation.

        Returns:
            The losses of each image, (batch,), by the names in `logged_losses`, and the generated
            images, RGB in [0, 1], (batch, height, width, 3). Training minimizes `generator`.
        """
        raise NotImplementedError

    def compile(
        self,
        generator_optimizer: Any = None,
        *,
        optimizer: Any = None,
        jit_compile: bool | str = False,
        auto_scale_loss: bool = True,
        **kwargs,
    ) -> None:
        """Set the optimizer, by default the paper's: Adam at 2e-5 with β₁ 0.5.

        Freeze or unfreeze layers before this call. Under a `tf.distribute` strategy, compile inside
        its scope, as with every Keras model. Callbacks change the learning rate of
        `model.optimizer`, which is this optimizer.

        Args:
            generator_optimizer: A Keras optimizer, its name or its configuration.
            optimizer: The same, under Keras's own name.
            jit_compile: Whether XLA compiles the step; Keras decides if "auto". It is slower on a
                CPU, and XLA leaves out the check that images lie in [0, 1].
            auto_scale_loss: Whether the loss of a float16 network is scaled.
            **kwargs: `run_eagerly` and `steps_per_execution`, as `keras.Model.compile` takes them.

        Raises:
            InputError: There is no such optimizer, it is given twice, an option has a wrong value,
                a loss or a metric is given (the model has its own), or the generator is not built
                or does not return images.
        """
        options = {"jit_compile": jit_compile, **kwargs}
        options = compile_options(
            type(self).__name__, generator_optimizer, optimizer=optimizer, options=options
        )
        check_generator(self.generator)
        resolved = resolve_optimizer(
            optimizer if generator_optimizer is None else generator_optimizer,
            self.generator,
            default_rate=GENERATOR_LEARNING_RATE,
            setting="optimizer" if generator_optimizer is None else "generator_optimizer",
            scale_loss=auto_scale_loss,
        )
        self.auto_scale_loss = auto_scale_loss
        super().compile(optimizer=resolved, auto_scale_loss=auto_scale_loss, **options)
        # Build now, because a replica's step cannot create variables.
        self.optimizer.build(self.generator.trainable_variables)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The running means of all logged values. After `compile`, the mean of `loss` is first."""
        return [*([self._loss_tracker] if self.compiled else []), *self._means.values()]

    def prepared(self, batches: tf.data.Dataset) -> tf.data.Dataset:
        """Convert batches of RGB (flash, ambient) to what `fit` takes. Here, nothing changes."""
        return batches

    def call(self, flash: Any, training: bool = False) -> Any:
        """Generate ambient images from flash images."""
        check_images("flash", flash, self.CHANNELS)
        if tf.executing_eagerly():
            with batch_errors_in_one_line():
                flash = to_image_tensor("flash", flash, self.CHANNELS, dtype=self.image_dtype)
        return self.generated(flash, training)

    def generated(self, flash: Any, training: bool) -> Any:
        """Generate ambient images, (batch, height, width, 3), from checked flash images."""
        return self.predicted(flash, training)

    def predicted(self, images: Any, training: bool) -> Any:
        """Return the generator's output for images, cast to `image_dtype`."""
        return tf.cast(self.generator(images, training=training), self.image_dtype)

    def predict_step(self, data: Any) -> Any:
        """Generate ambient images from a batch of flash images."""
        flash, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        flash = to_image_tensor("flash", flash, self.CHANNELS, dtype=self.image_dtype)
        return self(flash)

    def train_step(self, data: Any) -> dict:
        """Update the networks once on a batch of (flash, ambient) or (flash, ambient, weights)."""
        pairs = self._unpack_pairs(data)
        with tf.GradientTape() as tape:
            logged, generated = self.losses_of(pairs, tape)
            loss = self.optimizer.scale_loss(replica_share(pairs.weighted(logged["generator"])))
        update(self.generator, self.optimizer, tape=tape, loss=loss)
        return self._log(pairs, logged, generated)

    def test_step(self, data: Any) -> dict:
        """Compute the losses and the metrics of a batch."""
        pairs = self._unpack_pairs(data)
        return self._log(pairs, *self.losses_of(pairs, None))

    def _unpack_pairs(self, data: Any) -> Pairs:
        return unpack_pairs(data, self.CHANNELS, dtype=self.image_dtype, least_side=self.least_side)

    def _log(self, pairs: Pairs, logged: dict, generated: Any) -> dict:
        if logged.keys() != set(self.logged_losses):
            raise InputError(
                f"`losses_of` returns {sorted(logged)}, but `logged_losses` names "
                f"{sorted(self.logged_losses)}; name the other losses in `logged`"
            )
        ambient = pairs.ambient[..., :3]
        values = {name: pairs.weighted(loss) for name, loss in logged.items()}
        for score in metrics.SCORES.values():
            values[score.name] = score.compute(ambient, generated)
        # The value that Keras's callbacks monitor by default.
        values["loss"] = values["generator"]
        for mean in self.metrics:
            mean.update_state(values[mean.name])
        return {mean.name: mean.result() for mean in self.metrics}

    def export(self, filepath, *args, **kwargs):
        """Export the model that generates ambient images, as `keras.Model.export` does.

        Args:
            filepath: Where to write it.
            *args: Same as for `keras.Model.export`.
            **kwargs: Same as for `keras.Model.export`.
        """
        self.as_functional().export(filepath, *args, **kwargs)

    def as_functional(self) -> keras.Model:
        """Return a functional model from flash images of any size to ambient images."""
        return self.generator


def replica_share(per_image):
    """Return this replica's mean, scaled so that the replicas' gradients sum to the batch's.

    This is exact if every replica has the same number of images.
    """
    return tf.reduce_mean(per_image) / tf.distribute.get_strategy().num_replicas_in_sync


def update(network: keras.Model, optimizer: Any, *, tape: tf.GradientTape, loss: Any) -> None:
    """Update the weights of a network with the gradient of a loss, unless all are frozen.

    Args:
        network: The network.
        optimizer: The network's own optimizer.
        tape: The tape that recorded the loss.
        loss: The loss, as scaled by the optimizer.
    """
    variables = network.trainable_variables
    if variables:
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
