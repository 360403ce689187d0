"""`python -m keras_f2a.train`, which is `keras-f2a train`."""

from keras_f2a.cli.program import module_command
from keras_f2a.support.command_line import run_command

main, parser = module_command("train", "keras_f2a.train")

if __name__ == "__main__":
    run_command(main, parser())
