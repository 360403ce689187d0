"""Appearance of surfaces: colors, materials, textures and prints."""
