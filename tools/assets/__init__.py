"""Freely licensed things for scenes: from their packages to a cache of NumPy files."""
