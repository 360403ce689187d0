"""Pairs of photographs, from files to batches."""
