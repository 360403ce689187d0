"""Freely licensed assets for scenes, converted from their packages to a cache of NumPy files."""
