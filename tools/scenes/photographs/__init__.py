"""Turns light pictures into photographs: mixes the lights and simulates a camera."""
