"""The paper's optimizer, and what half precision asks of one."""

import keras


def paper_adam(learning_rate: float) -> keras.optimizers.Adam:
    """Adam with β₁ 0.5 (section 4.2) and PyTorch's ε, which the authors' code leaves at 1e-8."""
    return keras.optimizers.Adam(learning_rate, beta_1=0.5, epsilon=1e-8)


def with_loss_scaling(
    optimizer: keras.optimizers.Optimizer, network: keras.Model
) -> keras.optimizers.Optimizer:
    """Scales the loss of a network that computes in float16, whose gradients else underflow."""
    scaled = keras.optimizers.LossScaleOptimizer
    in_float16 = any(layer.compute_dtype == "float16" for layer in network.layers)
    return scaled(optimizer) if in_float16 and not isinstance(optimizer, scaled) else optimizer
