"""Tools that make the data shipped with keras_f2a; they are not installed with it."""
