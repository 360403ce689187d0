"""The console script `keras-f2a`, and `python -m keras_f2a`."""

import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the program. Ctrl-C prints one line, even during the imports."""
    try:
        from keras_f2a.cli.program import run as run_program

        run_program()
    except KeyboardInterrupt:
        sys.exit("keras-f2a: error: stopped by Ctrl-C")


if __name__ == "__main__":
    run()
