"""What a `.keras` file stores of a training model besides its weights."""

import keras

# How `fit` runs a step. A `.keras` file stores it along with the optimizers.
_EXECUTION_OPTIONS = ("jit_compile", "steps_per_execution", "run_eagerly", "auto_scale_loss")


class StoredModel(keras.Model):
    """A model around a `generator`, with an optimizer, that a `.keras` file can restore."""

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
        """Return the optimizer and how a step runs, for `.keras` files, or `None` if uncompiled."""
        if not self.compiled:
            return None
        optimizer = keras.saving.serialize_keras_object(self.optimizer)
        options = {name: getattr(self, name) for name in _EXECUTION_OPTIONS}
        return {"generator_optimizer": optimizer, **options}

    def compile_from_config(self, config: dict) -> None:
        """Compile as a `.keras` file says. Older files store only the optimizers."""
        arguments = {
            name: keras.saving.deserialize_keras_object(value)
            for name, value in config.items()
            if value is not None
        }
        self.compile(**arguments)
