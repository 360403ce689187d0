"""Synthetic indoor scenes: sampled in NumPy, rendered by Mitsuba, developed like phone photos."""
