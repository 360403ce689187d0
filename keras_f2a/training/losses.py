"""Equations 1 to 4 of the paper as pure functions of tensors, and the registry of losses.

All images are channels-last RGB in [0, 1], shape (batch, height, width, 3). A loss is one number
per image, shape (batch,). Its mean over a batch is the paper's expectation.

To add a loss of the generator, add an entry to `LOSSES`. `FlashToAmbient` then computes, weights
and logs it, and runs show and check it. Outside the package, `register` does the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keras import ops


@dataclass(frozen=True)
class Generated:
    """A batch with the generator's output, the input of its losses.

    Attributes:
        flash: Flash images, RGB in [0, 1], (batch, height, width, 3).
        ambient: Real ambient images, the same shape and range.
        generated: The generator's output, the same shape and range.
        attention: Maps of equation 1, (batch, height, width, 1), or `None` without guidance.
        features: Function from images to a list of features, or `None` if no loss uses them.
        fake_logits: The discriminator's logits for the generated images, or `None` without one.
        saturating: Whether to use the adversarial loss as equation 3 writes it.
    """

    flash: Any
    ambient: Any
    generated: Any
    attention: Any = None
    features: Callable[[Any], list] | None = None
    fake_logits: Any = None
    saturating: bool = False


@dataclass(frozen=True)
class Loss:
    """One term of the loss that the generator minimizes.

    Attributes:
        name: Its name in logs.
        text: Its description in one line.
        digits: Decimal places in a run's output.
        compute: Function from a `Generated` batch to one loss per image, (batch,).
        weight: Its factor, or a function from a `FlashToAmbient` to its factor. A constant 0, or a
            function that returns `None`, leaves the loss out.
    """

    name: str
    text: str
    digits: int
    compute: Callable[[Generated], Any]
    weight: float | Callable[[Any], float | None]

    def weight_in(self, model: Any) -> float | None:
        """Return the factor in a model, or `None` if the model does not use the loss."""
        if callable(self.weight):
            return self.weight(model)
        return self.weight or None


LOSSES: dict[str, Loss] = {}
"""Every term of the generator's loss by name, in the order of the sum."""


_RESERVED_NAMES = ("generator", "discriminator", "loss", "psnr", "ssim")  # Other logged values.


def register(loss: Loss) -> None:
    """Add a loss for models created from now on, or replace the one of the same name.

    Raises:
        ValueError: Another logged value has that name.
    """
    if loss.name in _RESERVED_NAMES:
        raise ValueError(
            f"a loss cannot be named `{loss.name}`, because that name is already logged"
        )
    LOSSES[loss.name] = loss


def weights_of(model: Any, registered: Mapping[str, Loss] = LOSSES) -> dict[str, float]:
    """Return the factors of the losses that a model uses, by name."""
    weights = {loss.name: loss.weight_in(model) for loss in registered.values()}
    return {name: weight for name, weight in weights.items() if weight is not None}


def attention_map(flash: Any, ambient: Any) -> Any:
    """Return the attention map of equation 1: where flash and ambient image agree.

    M(i, j) = 1 − mean over the channels of |ambient − flash|. It is near 1 where both images show
    the same, and near 0 in blown highlights, shadows and misaligned edges.

    Args:
        flash: Flash images, RGB in [0, 1], (batch, height, width, 3).
        ambient: Ambient images, the same shape and range.

    Returns:
        Maps in [0, 1], (batch, height, width, 1).
    """
    return 1.0 - ops.mean(ops.abs(ambient - flash), axis=-1, keepdims=True)


def guide(images, attention):
    """Return equation 2: the images times the attention map, or unchanged without one."""
    return images if attention is None else images * attention


def reconstruction_loss(ambient, generated, attention=None):
    """Return R of equation 3: the mean absolute error of the (guided) images.

    The paper writes the L1 norm, but the authors' code takes the mean over pixels and channels.
    This function does the same, because λ = 1 balances the mean against the adversarial loss.

    Args:
        ambient: Real ambient images, RGB in [0, 1], (batch, height, width, 3).
        generated: The generator's output, the same shape and range.
        attention: Maps of equation 1, (batch, height, width, 1), or `None` for no guidance.

    Returns:
        One loss per image, (batch,).
    """
    difference = guide(ambient, attention) - guide(generated, attention)
    return ops.mean(ops.abs(difference), axis=(1, 2, 3))


def discriminator_loss(real_logits, fake_logits):
    """Return −A of equation 3, which the discriminator minimizes: −log D(real) − log(1 − D(fake)).

    Args:
        real_logits: D's logits for real ambient images, (batch, rows, columns, 1).
        fake_logits: D's logits for generated images, the same shape.

    Returns:
        One loss per image, (batch,), the mean over its patches of the sum of both terms.
    """
    return _patch_mean(ops.softplus(-real_logits) + ops.softplus(fake_logits))


def adversarial_loss(fake_logits):
    """Return A's generator side in its non-saturating form, −log D(fake), as in the authors' code.

    Args:
        fake_logits: D's logits for generated images, (batch, rows, columns, 1).

    Returns:
        One loss per image, (batch,).
    """
    return _patch_mean(ops.softplus(-fake_logits))


def saturating_adversarial_loss(fake_logits):
    """Return A's generator side as equation 3 writes it: log(1 − D(fake)).

    Its gradient vanishes while D recognizes every generated image, so it is not the default.

    Args:
        fake_logits: D's logits for generated images, (batch, rows, columns, 1).

    Returns:
        One loss per image, (batch,), negative.
    """
    return _patch_mean(-ops.softplus(fake_logits))


def perceptual_loss(real_features, fake_features):
    """Return the mean absolute error of features, summed over their layers.

    It is not in the paper. Johnson et al. (2016) use the squared error. The absolute error used
    here matches R.

    Args:
        real_features: Features of the ambient images, a list of (batch, rows, columns, channels).
        fake_features: Features of the generated images, in the same form.

    Returns:
        One loss per image, (batch,).
    """
    pairs = zip(real_features, fake_features, strict=True)
    return sum(ops.mean(ops.abs(real - fake), axis=(1, 2, 3)) for real, fake in pairs)


def generator_loss(reconstruction, adversarial, adversarial_weight: float):
    """Return equation 4: R + λ·A."""
    return reconstruction + adversarial_weight * adversarial


def generator_losses(
    batch: Generated, weights: dict[str, float], registered: Mapping[str, Loss] = LOSSES
) -> dict[str, Any]:
    """Return equation 4 and every loss in its sum.

    Args:
        batch: The input of the losses.
        weights: The factors of the losses in use, by name, as `weights_of` returns them.
        registered: The losses by name.

    Returns:
        Each loss per image, (batch,), by name, and their weighted sum as `generator`.
    """
    values = {name: registered[name].compute(batch) for name in weights}
    total = 0.0
    for name, weight in weights.items():
        total = generator_loss(total, values[name], weight)
    return {**values, "generator": total}


def _patch_mean(values):
    return ops.mean(values, axis=(1, 2, 3))


def _perceptual(batch: Generated):
    assert batch.features is not None
    return perceptual_loss(batch.features(batch.ambient), batch.features(batch.generated))


def _adversarial(batch: Generated):
    loss = saturating_adversarial_loss if batch.saturating else adversarial_loss
    return loss(batch.fake_logits)


register(
    Loss(
        "reconstruction",
        "R of equation 3, the mean absolute error of the (guided) images",
        4,
        lambda batch: reconstruction_loss(batch.ambient, batch.generated, batch.attention),
        1.0,
    )
)
register(
    Loss(
        "perceptual",
        "the mean absolute error of VGG16's features; not in the paper",
        4,
        _perceptual,
        lambda model: None if model.features is None else model.perceptual_weight or None,
    )
)
register(
    Loss(
        "adversarial",
        "A's generator side, whether the discriminator considers the images real",
        4,
        _adversarial,
        lambda model: None if model.discriminator is None else model.adversarial_weight,
    )
)
