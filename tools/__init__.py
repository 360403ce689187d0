"""Tools that make the data shipped with keras_f2a. They are not installed with it."""
