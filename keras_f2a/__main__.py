"""`python -m keras_f2a`: the program `keras-f2a`."""

from keras_f2a.cli.program import run

if __name__ == "__main__":
    run()
