"""The names of lights, for help texts that must not wait for libraries."""

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
