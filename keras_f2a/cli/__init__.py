"""The program `keras-f2a`: a module for each command, which parses options and calls."""
