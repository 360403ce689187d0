"""Scenes to pixels, by Mitsuba."""
