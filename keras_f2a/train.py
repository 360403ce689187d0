"""`python -m keras_f2a.train`: trains a generator from pairs of photographs."""

import argparse
from collections.abc import Sequence

from keras_f2a.support.command_line import ArgumentParser, run_command
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

# For minutes on two cores, from random weights: an untrained discriminator is easily fooled by
# patterns, so its part is small.
_DEMO = {
    "run_dir": "runs/demo",
    "epochs": 80,
    "batch_size": 4,
    "crop_size": 128,
    "encoder_weights": "none",
    "width": 0.25,
    "adversarial_weight": 0.01,
    "generator_learning_rate": 5e-4,
    "discriminator_learning_rate": 5e-5,
    "ema": 0.99,
    "validate_every": 10,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains with the settings of the command line and prints where the results are."""
    options = vars(_parser().parse_args(arguments))
    import_tensorflow_quietly()
    from keras_f2a.runs import TrainingSettings, train

    preset = _DEMO if options.pop("demo") else {}
    given = {name: value for name, value in options.items() if value is not None}
    result = train(TrainingSettings(**{"run_dir": "runs/train", **preset, **given}))
    for moment, metrics in result.metrics.items():
        values = f"PSNR {metrics['psnr']:.2f} dB, SSIM {metrics['ssim']:.4f}"
        print(f"{moment} training: {values} on the validation pairs")
    print(f"picture: {result.picture}\nresults: {result.results}\ngenerator: {result.generator}")


def _parser() -> argparse.ArgumentParser:
    parser = ArgumentParser(
        prog="keras_f2a.train",
        description="Trains a generator that turns flash photographs into ambient ones. The "
        "defaults are the paper's settings. The same command again goes on with an interrupted "
        "run.",
    )
    add = parser.add_argument
    add("--demo", action="store_true", help="a quarter of the width, minutes on a CPU")
    add("--data", metavar="DIR", help="folder with train/ and test/ pairs (default: bundled)")
    add("--run-dir", metavar="DIR", help="where the run writes (default: runs/train)")
    add(
        "--condition",
        metavar="NAME",
        help="guided (default), unguided, reconstruction, unet, deepflash",
    )
    add("--generator", metavar="NAME", help="vgg16, unet or small (default: the condition's own)")
    add("--epochs", type=int, metavar="N", help="default: 1000")
    add("--batch-size", type=int, metavar="N", help="images per step (default: 8)")
    add("--crop-size", type=int, metavar="N", help="side of the crops (default: 224)")
    _add_flag(parser, "--whole-images", "train on whole images instead of crops")
    _add_range(parser, "--crop-scale", "share of the image's side per crop; authors' code 0.8 1.0")
    _add_range(parser, "--ambient-mix", "share of ambient light added to the flash images")
    add("--augmentation", metavar="A", help="none (default) or photographic: for made-up scenes")
    add("--encoder-weights", metavar="W", help="imagenet (default), none or Keras's VGG16 file")
    add("--preprocessing", metavar="P", help="imagenet (default) or none (authors' code)")
    add("--width", type=float, metavar="W", help="factor on all channel counts (default: 1)")
    add("--adversarial-weight", type=float, metavar="L", help="λ of equation 4 (default: 1)")
    _add_flag(parser, "--conditional-discriminator", "D also sees the flash image")
    _add_flag(parser, "--saturating", "the generator's loss as equation 3 writes it")
    add("--generator-learning-rate", type=float, metavar="R", help="default: 2e-5")
    add("--discriminator-learning-rate", type=float, metavar="R", help="default: 2e-6")
    add("--ema", type=float, metavar="M", help="keep a moving average of G, for example 0.999")
    add("--precision", metavar="P", help="float32 (default), mixed_bfloat16 or mixed_float16")
    add("--seed", type=int, metavar="N", help="default: 0")
    add("--strategy", metavar="S", help="auto (default), mirrored or single")
    add("--virtual-devices", type=int, metavar="N", help="cut the CPU into N devices")
    add("--validate-every", type=int, metavar="N", help="epochs between validations (default: 1)")
    add("--final", metavar="F", help="keep the last (default) or the best epoch's generator")
    _add_flag(parser, "--skip-bad-pairs", "go on without unusable pairs")
    add("--limit", type=int, metavar="N", help="train on the first N pairs only")
    return parser


def _add_range(parser: argparse.ArgumentParser, name: str, text: str) -> None:
    parser.add_argument(name, type=float, nargs=2, metavar=("LOW", "HIGH"), help=text)


def _add_flag(parser: argparse.ArgumentParser, name: str, text: str) -> None:
    parser.add_argument(name, action="store_const", const=True, help=text)


if __name__ == "__main__":
    run_command(main, "keras_f2a.train")
