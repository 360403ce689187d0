"""Renders scenes with Mitsuba."""
