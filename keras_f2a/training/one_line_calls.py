"""Keras's own calls, with each error about a batch in one line."""

from typing import Any

import keras

from keras_f2a.training.batches import wrong_values_in_one_line


class OneLineModel(keras.Model):
    """A `keras.Model` whose batches are checked, and whose calls say in one line what is wrong."""

    def fit(self, *args: Any, **kwargs: Any) -> Any:
        """Train as `keras.Model.fit` does, on batches of (flash, ambient), RGB in [0, 1].

        Raises:
            InputError: The batches are no such pairs.
        """
        with wrong_values_in_one_line():
            return super().fit(*args, **kwargs)

    def evaluate(self, *args: Any, **kwargs: Any) -> Any:
        """Evaluate as `keras.Model.evaluate` does; take and raise what `fit` does."""
        with wrong_values_in_one_line():
            return super().evaluate(*args, **kwargs)

    def predict(self, *args: Any, **kwargs: Any) -> Any:
        """Generate ambient images as `keras.Model.predict` does, from flash images.

        Raises:
            InputError: They are not RGB in [0, 1].
        """
        with wrong_values_in_one_line():
            return super().predict(*args, **kwargs)

    def train_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        """Update once as `keras.Model.train_on_batch` does; raise what `fit` does."""
        with wrong_values_in_one_line():
            return super().train_on_batch(*args, **kwargs)

    def test_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        """Evaluate one batch as `keras.Model.test_on_batch` does; raise what `fit` does."""
        with wrong_values_in_one_line():
            return super().test_on_batch(*args, **kwargs)

    def predict_on_batch(self, *args: Any, **kwargs: Any) -> Any:
        """Generate from one batch as `keras.Model.predict_on_batch` does."""
        with wrong_values_in_one_line():
            return super().predict_on_batch(*args, **kwargs)
