"""Meshes, from boxes to leaves."""
