"""Corrects photographs of any size with a trained generator."""
