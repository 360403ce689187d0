"""Scripts that lie beside a model in darktable's model repository; copied by `export.darktable`."""
