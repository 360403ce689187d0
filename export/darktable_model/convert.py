"""Converts a trained generator of keras_f2a to a network for darktable.

Needs `keras_f2a[export]`.
"""

import argparse

from keras_f2a.export.darktable import write_network


def convert(checkpoint: str, output: str) -> None:
    """Convert a `.keras` file to an ONNX file. The repository's pipeline calls this."""
    write_network(checkpoint, output)


def main() -> None:
    """Convert the file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--output", required=True)
    options = parser.parse_args()
    convert(options.checkpoint, options.output)


if __name__ == "__main__":
    main()
