"""What every trained model is: a generator, its optimizer, checked batches and logged means."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from keras_f2a.support.errors import InputError
from keras_f2a.training import metrics
from keras_f2a.training.batches import Pairs, check_images, checked_pairs, wrong_values_in_one_line
from keras_f2a.training.conditions import GENERATOR_LEARNING_RATE
from keras_f2a.training.optimizers import chosen_optimizer

# How `fit` runs a step; a `.keras` file keeps it beside the optimizers.
_HOW_IT_RUNS = ("jit_compile", "steps_per_execution", "run_eagerly", "auto_scale_loss")
_NOT_TAKEN = ("loss", "loss_weights", "metrics", "weighted_metrics")


class PairModel(keras.Model):
    """A generator that is trained on batches of (flash, ambient).

    A subclass says by what losses: it implements `losses_of`, and names its arguments in
    `get_config`.

    Args:
        generator: The network that is trained.
        logged: Names of the losses that each step logs, beside the scores.
        **kwargs: What else `keras.Model` takes.
    """

    CHANNELS = 3
    """Of the images that `fit` and calling the model take."""

    def __init__(self, generator: keras.Model, *, logged: Sequence[str], **kwargs):
        # The wrapper computes nothing itself and must not round its inputs to half precision.
        super().__init__(**{"dtype": "float32", **kwargs})
        self.generator = generator
        names = dict.fromkeys(("reconstruction", "generator", *metrics.SCORES, *logged))
        self._means = {name: keras.metrics.Mean(name=name) for name in names}
        self.built = True

    def losses_of(self, pairs: Pairs, tape: tf.GradientTape | None) -> tuple[dict, Any]:
        """Compute the losses of a batch and the generated images.

        Args:
            pairs: The batch.
            tape: What records the generator while it is trained; `None` in validation.

        Returns:
            The losses of each image, (batch,), by name; `generator` is the one that is minimized.
            And the generated ambient images, RGB in [0, 1], (batch, height, width, 3).
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
        """Set the optimizer; by default the paper's, Adam at 2e-5 with β₁ 0.5.

        Freeze or unfreeze layers before. Under a `tf.distribute` strategy compile inside its
        scope, as with every Keras model. Callbacks change the learning rate of `model.optimizer`,
        which is this one.

        Args:
            generator_optimizer: A Keras optimizer, its name or its configuration.
            optimizer: The same under Keras's own name.
            jit_compile: Whether XLA compiles the step. It is slower on a CPU, and XLA leaves out
                the check that images lie in [0, 1].
            auto_scale_loss: Whether the loss of a float16 network is scaled.
            **kwargs: `run_eagerly` and `steps_per_execution`, as `keras.Model.compile` takes them.

        Raises:
            InputError: There is no such optimizer, or a loss or a metric is given: the model has
                its own.
        """
        for name in _NOT_TAKEN:
            if kwargs.pop(name, None) is not None:
                raise InputError(
                    f"{type(self).__name__} has losses and metrics of its own; leave this out",
                    setting=name,
                )
        if optimizer is not None and generator_optimizer is not None:
            raise InputError(
                "means the same as `generator_optimizer`; give one of them", setting="optimizer"
            )
        chosen = chosen_optimizer(
            optimizer if generator_optimizer is None else generator_optimizer,
            self.generator,
            default_rate=GENERATOR_LEARNING_RATE,
            setting="optimizer" if generator_optimizer is None else "generator_optimizer",
            scale_loss=auto_scale_loss,
        )
        self.auto_scale_loss = auto_scale_loss
        super().compile(
            optimizer=chosen, jit_compile=jit_compile, auto_scale_loss=auto_scale_loss, **kwargs
        )
        # Built here: a variable cannot be made inside a replica's step.
        self.optimizer.build(self.generator.trainable_variables)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The running means of everything that is logged."""
        return list(self._means.values())

    def prepared(self, batches: tf.data.Dataset) -> tf.data.Dataset:
        """Turn batches of RGB (flash, ambient) into what `fit` takes: here they stay."""
        return batches

    def call(self, flash, training=False):
        """Generate ambient images from flash images."""
        check_images("flash", flash, self.CHANNELS)
        return self.generated(flash, training)

    def generated(self, flash, training: bool):
        """Generate ambient images, (batch, height, width, 3), from checked flash images."""
        return self.generator(flash, training=training)

    def train_step(self, data) -> dict:
        """Update the networks once on a batch of (flash, ambient) or (flash, ambient, weights)."""
        pairs = checked_pairs(data, self.CHANNELS)
        with tf.GradientTape() as tape:
            logged, generated = self.losses_of(pairs, tape)
            loss = self.optimizer.scale_loss(replica_share(pairs.weighted(logged["generator"])))
        variables = self.generator.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return self._log(pairs, logged, generated)

    def test_step(self, data) -> dict:
        """Compute the losses and the metrics of a batch."""
        pairs = checked_pairs(data, self.CHANNELS)
        return self._log(pairs, *self.losses_of(pairs, None))

    def _log(self, pairs: Pairs, logged: dict, generated) -> dict:
        ambient = pairs.ambient[..., :3]
        values = {name: pairs.weighted(loss) for name, loss in logged.items()}
        for score in metrics.SCORES.values():
            values[score.name] = score.compute(ambient, generated)
        for name, mean in self._means.items():
            mean.update_state(values[name])
        means = {name: mean.result() for name, mean in self._means.items()}
        # What Keras's callbacks look at unless they are told another name.
        return {**means, "loss": means["generator"]}

    def fit(self, *args, **kwargs):
        """Train as `keras.Model.fit` does, on batches of (flash, ambient), RGB in [0, 1].

        Raises:
            InputError: The batches are no such pairs.
        """
        with wrong_values_in_one_line():
            return super().fit(*args, **kwargs)

    def evaluate(self, *args, **kwargs):
        """Evaluate as `keras.Model.evaluate` does; take and raise what `fit` does."""
        with wrong_values_in_one_line():
            return super().evaluate(*args, **kwargs)

    def train_on_batch(self, *args, **kwargs):
        """Update once as `keras.Model.train_on_batch` does; raise what `fit` does."""
        with wrong_values_in_one_line():
            return super().train_on_batch(*args, **kwargs)

    def test_on_batch(self, *args, **kwargs):
        """Evaluate one batch as `keras.Model.test_on_batch` does; raise what `fit` does."""
        with wrong_values_in_one_line():
            return super().test_on_batch(*args, **kwargs)

    def export(self, filepath, *args, **kwargs):
        """Export what generates ambient images, as `keras.Model.export` does.

        Args:
            filepath: Where to.
            *args: As for `keras.Model.export`.
            **kwargs: As for `keras.Model.export`.
        """
        self.as_functional().export(filepath, *args, **kwargs)

    def as_functional(self) -> keras.Model:
        """Make a functional model from flash images of any size to ambient images."""
        return self.generator

    def get_config(self) -> dict:
        """Return the generator, for `.keras` files."""
        generator = keras.saving.serialize_keras_object(self.generator)
        return {**super().get_config(), "generator": generator}

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None):
        """Rebuild the networks and the model around them."""
        config = dict(config)
        for name, value in config.items():
            if isinstance(value, dict) and "class_name" in value and name != "dtype":
                config[name] = keras.saving.deserialize_keras_object(
                    value, custom_objects=custom_objects
                )
        return cls(**config)

    def get_compile_config(self) -> dict | None:
        """Optimizer and how a step is run, for `.keras` files; `None` before `compile`."""
        if not self.compiled:
            return None
        optimizer = keras.saving.serialize_keras_object(self.optimizer)
        how = {name: getattr(self, name) for name in _HOW_IT_RUNS}
        return {"generator_optimizer": optimizer, **how}

    def compile_from_config(self, config: dict) -> None:
        """Compile as a `.keras` file says; an earlier one names the optimizers alone."""
        given = {
            name: keras.saving.deserialize_keras_object(value)
            for name, value in config.items()
            if value is not None
        }
        self.compile(**given)


def replica_share(per_image):
    """Return this replica's mean, scaled so that the replicas' gradients sum to the batch's.

    Exact when every replica has the same number of images.
    """
    return tf.reduce_mean(per_image) / tf.distribute.get_strategy().num_replicas_in_sync
