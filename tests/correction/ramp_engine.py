"""A stand-in for a placed-light network, without weights, for tests of how its output is used."""

import numpy as np

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.engine import EncodedPhoto


class Ramp:
    """Placed-light model that brightens the side that the light comes from."""

    def __init__(self, fixed_size=None, flash_share=1.0):
        self.fixed_size = fixed_size
        self.flash_share = flash_share
        self.read = 0

    def encode(self, image):
        self.read += 1
        return EncodedPhoto([image[np.newaxis]], self.flash_share)

    def log_gain(self, features, light):
        _, height, width, _ = features[0].shape
        across = np.linspace(-1, 1, width, dtype=np.float32)
        return np.broadcast_to(0.8 * light[0] * across, (height, width))


class Faces:
    """Face detector that finds the same faces in every photograph."""

    def __init__(self, *faces):
        self.faces = faces

    def find(self, image):
        return self.faces


def corrector(*faces, engine=None, **settings):
    return Corrector(engine or Ramp(), face_finder=Faces(*faces), **settings)
