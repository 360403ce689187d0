"""Measures methods on pairs of photographs and writes what a reader compares."""
