"""`python -m keras_f2a.cluster`, which is `keras-f2a cluster`."""

from keras_f2a.cli.program import module_command
from keras_f2a.support.command_line import run_command

main, parser = module_command("cluster", "keras_f2a.cluster")

if __name__ == "__main__":
    run_command(main, parser())
