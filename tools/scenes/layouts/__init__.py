"""Positions of things and of the camera."""
