"""The authors' training step in plain TensorFlow, written independently of the package.

It uses PyTorch's layout (channels first, kernels (out, in, height, width)) and the authors' tensor
names. So the package's port is checked against a second description of the network.
"""

import numpy as np
import tensorflow as tf

ENCODER = {1: 2, 2: 2, 3: 3, 4: 3, 5: 3}
DECODER = {4: 3, 3: 2, 2: 2, 1: 2}


def make_tensors(width, seed):
    """Return PyTorch tensors of a small generator and discriminator, by the authors' names."""
    rng = np.random.default_rng(seed)
    channels = {level: width * min(2 ** (level - 1), 8) for level in range(1, 6)}
    generator, discriminator = {}, {}

    def add(tensors, name, *shape):
        fan_in = shape[1] * shape[2] * shape[3]
        tensors[f"{name}.weight"] = rng.normal(0, (2 / fan_in) ** 0.5, shape).astype(np.float32)
        bias = shape[1] if "unconv" in name else shape[0]
        tensors[f"{name}.bias"] = rng.normal(0, 0.1, bias).astype(np.float32)

    before = 3
    for level, count in ENCODER.items():
        for i in range(count):
            add(generator, f"enc5.conv{level}_{i + 1}", channels[level], before, 3, 3)
            before = channels[level]
    for level, count in DECODER.items():
        add(generator, f"dec5.unconv{level}", before, channels[level], 3, 3)
        before = channels[level]
        for i in range(count):
            inputs = before * 2 if i == 0 else before
            add(generator, f"dec5.conv_block{level}.{2 * i}", before, inputs, 3, 3)
    add(generator, "dec5.convToCh", 3, before, 3, 3)

    before, index = 3, 0
    for level in range(5):
        add(discriminator, f"dis_arch.{index}", width * 2**level, before, 3, 3)
        before, index = width * 2**level, index + 1
        if level > 0:
            name = f"dis_arch.{index}"
            discriminator[f"{name}.weight"] = rng.normal(1, 0.1, before).astype(np.float32)
            discriminator[f"{name}.bias"] = rng.normal(0, 0.1, before).astype(np.float32)
            discriminator[f"{name}.running_mean"] = np.zeros(before, np.float32)
            discriminator[f"{name}.running_var"] = np.ones(before, np.float32)
            index += 1
        index += 1
    add(discriminator, f"dis_arch.{index}", 1, before, 3, 3)
    return generator, discriminator


def convolution(x, tensors, name, stride=1):
    kernel = tf.transpose(tensors[f"{name}.weight"], (2, 3, 1, 0))
    x = tf.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return tf.nn.conv2d(x, kernel, stride, "VALID") + tensors[f"{name}.bias"]


def transposed_convolution(x, tensors, name):
    """Apply the definition: kernel row k of input row i contributes to output row 2i + k − 1."""
    kernel = tf.transpose(tensors[f"{name}.weight"], (2, 3, 0, 1))
    batch, height, width, _ = x.shape
    # Insert zeros between the pixels and scatter the input once for each kernel element.
    output = 0.0
    for row in range(3):
        for column in range(3):
            spread = tf.einsum("bhwi,io->bhwo", x, kernel[row, column])
            channels = spread.shape[-1]
            zeros = tf.zeros_like(spread)
            spread = tf.stack([tf.stack([spread, zeros], 3), tf.stack([zeros, zeros], 3)], 2)
            spread = tf.reshape(spread, (batch, 2 * height, 2 * width, channels))
            spread = tf.pad(spread, ((0, 0), (row, 2 - row), (column, 2 - column), (0, 0)))
            output += spread[:, 1 : 2 * height + 1, 1 : 2 * width + 1]
    return output + tensors[f"{name}.bias"]


def generate(x, tensors):
    skips = {}
    for level, count in ENCODER.items():
        if level > 1:
            x = tf.nn.max_pool2d(x, 2, 2, "VALID")
        for i in range(count):
            x = tf.nn.relu(convolution(x, tensors, f"enc5.conv{level}_{i + 1}"))
        skips[level] = x
    for level, count in DECODER.items():
        x = transposed_convolution(x, tensors, f"dec5.unconv{level}")
        x = tf.concat([x, skips[level]], -1)
        for i in range(count):
            x = tf.nn.relu(convolution(x, tensors, f"dec5.conv_block{level}.{2 * i}"))
    return tf.sigmoid(convolution(x, tensors, "dec5.convToCh"))


def discriminate(x, tensors):
    index = 0
    for level in range(5):
        x = convolution(x, tensors, f"dis_arch.{index}", stride=2)
        index += 1
        if level > 0:
            mean, variance = tf.nn.moments(x, (0, 1, 2))
            name = f"dis_arch.{index}"
            x = (x - mean) / tf.sqrt(variance + 1e-5) * tensors[f"{name}.weight"]
            x += tensors[f"{name}.bias"]
            index += 1
        x = tf.where(x > 0, x, 0.01 * x)
        index += 1
    return convolution(x, tensors, f"dis_arch.{index}")
