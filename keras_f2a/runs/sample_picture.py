"""A picture of a model's current results for some validation pairs."""

import numpy as np
import tensorflow as tf
from PIL import Image

from keras_f2a.imaging.labeled_grid import labeled_grid
from keras_f2a.training.base_model import PairModel
from keras_f2a.training.losses import attention_map

_HEADINGS = ("flash", "generated", "ambient", "attention map")


def sample_picture(model: PairModel, samples: tf.data.Dataset) -> Image.Image:
    """Return a grid with one row for the first pair of each batch.

    A row shows the flash, generated and ambient images and the attention map.
    """
    rows = []
    for flash, ambient in samples:
        images = (flash, model(flash, training=False), ambient, attention_map(flash, ambient))
        # DeepFlash's images carry their filtered versions in further channels.
        rows.append([np.asarray(image[0, ..., :3]) for image in images])
    return labeled_grid(rows, _HEADINGS)
