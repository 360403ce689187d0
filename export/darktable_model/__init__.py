"""Scripts for a model in darktable's model repository. `export.darktable` copies them there."""
