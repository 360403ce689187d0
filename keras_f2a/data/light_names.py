"""The names of lights, kept apart so that help texts need not import large libraries."""

NAMES = (
    "auto",
    "ceiling",
    "window-left",
    "window-right",
    "lamp-left",
    "lamp-right",
    "room",
)
"""`keras_f2a.data.described_lights` says where each of them is."""
