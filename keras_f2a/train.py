"""`python -m keras_f2a.train`: trains a generator from pairs of photographs."""

from collections.abc import Sequence

from keras_f2a.runs.options import add_training_options, settings_of
from keras_f2a.support.command_line import ArgumentParser, run_command
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains with the settings of the command line and prints where the results are."""
    given = vars(_parser().parse_args(arguments))
    settings = settings_of(given)
    import_tensorflow_quietly()
    from keras_f2a.runs import train

    result = train(settings)
    if not result.kept:
        print("trained; the results are with the first worker")
        return
    for moment, metrics in result.metrics.items():
        values = f"PSNR {metrics['psnr']:.2f} dB, SSIM {metrics['ssim']:.4f}"
        print(f"{moment} training: {values} on the validation pairs")
    print(f"picture: {result.picture}\nresults: {result.results}\ngenerator: {result.generator}")


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="keras_f2a.train",
        description="Trains a generator that turns flash photographs into ambient ones. The "
        "defaults are the paper's settings. The same command again goes on with an interrupted "
        "run.",
    )
    add_training_options(parser)
    return parser


if __name__ == "__main__":
    run_command(main, _parser())
