"""Photographs on disk and at full size: NumPy and Pillow only, no TensorFlow."""
