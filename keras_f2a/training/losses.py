"""Equations 1 to 4 of the paper as pure functions of tensors.

All images are channels-last RGB in [0, 1], shape (batch, height, width, 3). A loss is one number
per image, shape (batch,): its mean over a batch is the paper's expectation.
"""

from keras import ops


def attention_map(flash, ambient):
    """Equation 1: where flash and ambient image agree.

    M(i, j) = 1 − mean over the channels of |ambient − flash|. Near 1 where both show the same,
    near 0 in blown highlights, shadows and misaligned edges.

    Args:
        flash: Flash images, RGB in [0, 1], (batch, height, width, 3).
        ambient: Ambient images, the same shape and range.

    Returns:
        Maps in [0, 1], (batch, height, width, 1).
    """
    return 1.0 - ops.mean(ops.abs(ambient - flash), axis=-1, keepdims=True)


def guide(images, attention):
    """Equation 2: the images times the attention map, or the images as they are without one."""
    return images if attention is None else images * attention


def reconstruction_loss(ambient, generated, attention=None):
    """R of equation 3: the mean absolute error of the (guided) images.

    The paper writes the L1 norm; the authors' code takes the mean over pixels and channels, which
    is followed here, since λ = 1 balances that against the adversarial loss.

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
    """−A of equation 3, which the discriminator minimizes: −log D(real) − log(1 − D(fake)).

    Args:
        real_logits: D's logits for real ambient images, (batch, rows, columns, 1).
        fake_logits: D's logits for generated images, the same shape.

    Returns:
        One loss per image, (batch,), the mean over its patches of both sides' sum.
    """
    return _patch_mean(ops.softplus(-real_logits) + ops.softplus(fake_logits))


def adversarial_loss(fake_logits):
    """A's generator side in its non-saturating form, −log D(fake), as in the authors' code.

    Args:
        fake_logits: D's logits for generated images, (batch, rows, columns, 1).

    Returns:
        One loss per image, (batch,).
    """
    return _patch_mean(ops.softplus(-fake_logits))


def saturating_adversarial_loss(fake_logits):
    """A's generator side as equation 3 writes it: log(1 − D(fake)).

    Its gradient vanishes while D still tells every generated image, which is why
    `adversarial_loss` is the default.

    Args:
        fake_logits: D's logits for generated images, (batch, rows, columns, 1).

    Returns:
        One loss per image, (batch,), negative.
    """
    return _patch_mean(-ops.softplus(fake_logits))


def perceptual_loss(real_features, fake_features):
    """The mean absolute error of features, summed over their layers; not in the paper.

    Johnson et al. (2016) take the squared error of VGG16's features; the absolute one, used here,
    goes with R.

    Args:
        real_features: A network's features of the ambient images, a list of (batch, rows, columns,
            channels).
        fake_features: Those of the generated images.

    Returns:
        One loss per image, (batch,).
    """
    pairs = zip(real_features, fake_features, strict=True)
    return sum(ops.mean(ops.abs(real - fake), axis=(1, 2, 3)) for real, fake in pairs)


def generator_loss(reconstruction, adversarial, adversarial_weight: float):
    """Equation 4: R + λ·A."""
    return reconstruction + adversarial_weight * adversarial


def _patch_mean(values):
    return ops.mean(values, axis=(1, 2, 3))
