"""Settings of the network for placed light and its losses. Importing them needs no Keras."""

from dataclasses import dataclass

from keras_f2a.support.settings import documented, setting


@documented
@dataclass(frozen=True)
class LightTrainingSettings:
    """Settings of the network for placed light, and of its training."""

    width: float = setting(1.0, "factor for the network's channel counts", more_than=0)
    learning_rate: float = setting(
        1e-3, "Adam's peak rate; it rises at first and falls to zero at the end", more_than=0
    )
    gradient_weight: float = setting(0.5, "weight of the loss of gradients", at_least=0)
    smoothness_weight: float = setting(
        0.05, "weight of changes of the gain on plain surfaces", at_least=0
    )
    geometry_weight: float = setting(
        0.05, "weight of the loss of normals and depth; 0 omits both", at_least=0
    )
    flash_weight: float = setting(
        0.03, "weight of the loss of the flash's share of the light; 0 omits it", at_least=0
    )
