"""The program `keras-f2a`. Each command is a module that parses options and calls a function."""
