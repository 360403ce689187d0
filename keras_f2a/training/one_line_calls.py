"""Keras's own methods, with one-line errors about batches."""

from typing import Any

import keras

from keras_f2a.training.batches import batch_errors_in_one_line


class OneLineModel(keras.Model):
    """A `keras.Model` with checked batches, whose methods report a bad batch in one line."""

    def fit(self, *args: Any, **kwargs: Any) -> Any:
        """Train as `keras.Model.fit` does, on batches of (flash, ambient), RGB in [0, 1].

        Raises:
            InputError: The batches are not such pairs.
        """
        with batch_errors_in_one_line():
            return super().fit(*args, **kwargs)

    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        """Evaluate as `keras.Model.evaluate` does, with the batches and errors of `fit`."""
        with batch_errors_in_one_line():
            return super().evaluate(*args, **kwargs)

    def predict(self, *args: Any, **kwargs: Any) -> Any:
        """Generate ambient images from flash images, as `keras.Model.predict` does.

        Raises:
            InputError: The flash images are not RGB in [0, 1].
        """
        with batch_errors_in_one_line():
            return super().predict(*args, **kwargs)

    def train_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        """Update once as `keras.Model.train_on_batch` does, with the errors of `fit`."""
        with batch_errors_in_one_line():
            return super().train_on_batch(*args, **kwargs)

    def test_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        """Evaluate one batch as `keras.Model.test_on_batch` does, with the errors of `fit`."""
        with batch_errors_in_one_line():
            return super().test_on_batch(*args, **kwargs)

    def predict_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        """Generate images from one batch, as `keras.Model.predict_on_batch` does."""
        with batch_errors_in_one_line():
            return super().predict_on_batch(*args, **kwargs)
