"""`python -m keras_f2a.reproduce`: the paper's tables and figures on any pairs."""

import argparse
from collections.abc import Sequence

from keras_f2a.support.command_line import ArgumentParser, run_command
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains what is missing and prints both tables and where the files are."""
    options = vars(_parser().parse_args(arguments))
    import_tensorflow_quietly()
    from keras_f2a.evaluation.reproduction import reproduce
    from keras_f2a.evaluation.tables import as_markdown
    from keras_f2a.runs import TrainingSettings

    output, limit = options.pop("output"), options.pop("limit")
    given = {name: value for name, value in options.items() if value is not None}
    result = reproduce(TrainingSettings(run_dir=output, **given), output, limit)
    print("\n" + "\n".join(map(as_markdown, result.tables)))
    print("\n".join(map(str, result.files)))


def _parser() -> argparse.ArgumentParser:
    parser = ArgumentParser(
        prog="keras_f2a.reproduce",
        description="Trains DeepFlash and the paper's four conditions, compares them with LIME and "
        "SRIE, and prints Tables 1 and 2 with the paper's figures beside ours. The same command "
        "again goes on where it stopped.",
    )
    add = parser.add_argument
    add("--data", metavar="DIR", help="folder with train/ and test/ pairs (default: bundled)")
    add("--output", metavar="DIR", default="runs/reproduce", help="default: runs/reproduce")
    add("--epochs", type=int, metavar="N", help="of every run (default: 1000)")
    add("--width", type=float, metavar="W", help="factor on all channel counts (default: 1)")
    add("--limit", type=int, metavar="N", help="train and test on the first N pairs only")
    add("--batch-size", type=int, metavar="N", help="images per step (default: 8)")
    add("--crop-size", type=int, metavar="N", help="side of the crops (default: 224)")
    add("--encoder-weights", metavar="W", help="imagenet (default), none or Keras's VGG16 file")
    add("--preprocessing", metavar="P", help="imagenet (default) or none (authors' code)")
    add("--adversarial-weight", type=float, metavar="L", help="λ of equation 4 (default: 1)")
    add("--generator-learning-rate", type=float, metavar="R", help="default: 2e-5")
    add("--discriminator-learning-rate", type=float, metavar="R", help="default: 2e-6")
    add("--validate-every", type=int, metavar="N", help="epochs between validations (default: 1)")
    add("--precision", metavar="P", help="float32 (default), mixed_bfloat16 or mixed_float16")
    add("--seed", type=int, metavar="N", help="default: 0")
    return parser


if __name__ == "__main__":
    run_command(main, "keras_f2a.reproduce")
