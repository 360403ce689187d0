"""Lists the layers that a generator may have, with the rule that computes the cost of each."""

from keras_f2a.model_files.layer_cost import Rule
from keras_f2a.model_files.weighted_layers import (
    convolution,
    dense,
    depthwise,
    normalization,
    parametric_relu,
    separable,
    transposed_convolution,
)
from keras_f2a.model_files.weightless_layers import (
    border_rule,
    concatenation,
    crop_to_match,
    elementwise,
    global_pooling,
    pad_to_multiple,
    pooling,
    same_as_first,
    slicing,
    upsampling,
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
    "Conv2DTranspose": transposed_convolution,
    "Dense": dense,
    "PReLU": parametric_relu,
    "UpSampling2D": upsampling,
    "ZeroPadding2D": border_rule(1, "padding"),
    "Cropping2D": border_rule(-1, "cropping"),
    "Concatenate": concatenation,
}
_CUSTOM = {
    "PadToMultiple": pad_to_multiple,
    "CropToMatch": crop_to_match,
    "Enlarge": lambda config, shapes: upsampling({}, shapes),
    "ImageNetPreprocessing": same_as_first,
    "Relight": same_as_first,
    "KeepWhite": same_as_first,
}
_OPERATIONS = {
    "keras.src.ops.numpy": ("Add", "Subtract", "Multiply", "Divide", "Maximum", "Minimum", "Clip"),
    "keras.src.ops.nn": ("Relu", "Relu6", "Sigmoid", "Tanh"),
}
RULES: dict[tuple[str | None, str], Rule] = {
    **{("keras.layers", name): rule for name, rule in _KERAS.items()},
    **{("keras_f2a", name): rule for name, rule in _CUSTOM.items()},
    ("keras.src.ops.numpy", "GetItem"): slicing,
    **{(module, name): elementwise for module, names in _OPERATIONS.items() for name in names},
}
"""The rule for each layer class that a generator may have, by its module and name."""
