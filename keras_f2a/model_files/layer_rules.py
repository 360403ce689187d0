"""Lists the layers that a generator may have, with the rule that computes the cost of each."""

from keras_f2a.model_files.layer_cost import Rule
from keras_f2a.model_files.weighted_layers import (
    convolution,
    dense,
    depthwise,
    normalization,
    parametric_relu,
    separable,
    transposed,
)
from keras_f2a.model_files.weightless_layers import (
    bordering,
    cropped,
    elementwise,
    enlarging,
    first,
    global_pooling,
    joining,
    padded,
    pooling,
    slicing,
)

_KERAS = {
    **dict.fromkeys(("MaxPooling2D", "AveragePooling2D"), pooling),
    **dict.fromkeys(("GlobalMaxPooling2D", "GlobalAveragePooling2D"), global_pooling),
    **dict.fromkeys(
        ("BatchNormalization", "LayerNormalization", "GroupNormalization"), normalization
    ),
    **dict.fromkeys(
        ("Activation", "ReLU", "LeakyReLU", "ELU", "Rescaling", "Identity", "Dropout")
        + ("SpatialDropout2D", "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"),
        elementwise,
    ),
    "Conv2D": convolution,
    "DepthwiseConv2D": depthwise,
    "SeparableConv2D": separable,
    "Conv2DTranspose": transposed,
    "Dense": dense,
    "PReLU": parametric_relu,
    "UpSampling2D": enlarging,
    "ZeroPadding2D": bordering(1, "padding"),
    "Cropping2D": bordering(-1, "cropping"),
    "Concatenate": joining,
}
_OURS = {
    "PadToMultiple": padded,
    "CropToMatch": cropped,
    "Enlarge": lambda config, shapes: enlarging({}, shapes),
    "ImageNetPreprocessing": first,
    "Relight": first,
    "KeepWhite": first,
}
_OPERATIONS = {
    "keras.src.ops.numpy": ("Add", "Subtract", "Multiply", "Divide", "Maximum", "Minimum", "Clip"),
    "keras.src.ops.nn": ("Relu", "Relu6", "Sigmoid", "Tanh"),
}
RULES: dict[tuple[str | None, str], Rule] = {
    **{("keras.layers", name): rule for name, rule in _KERAS.items()},
    **{("keras_f2a", name): rule for name, rule in _OURS.items()},
    ("keras.src.ops.numpy", "GetItem"): slicing,
    **{(room, name): elementwise for room, names in _OPERATIONS.items() for name in names},
}
"""The rule for each layer class that a generator may have, by its module and name."""
