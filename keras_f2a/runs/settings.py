"""All settings of a training run, checked and resolved. Importing them needs no TensorFlow."""

from dataclasses import dataclass, replace

from keras_f2a.data.settings import PairSettings
from keras_f2a.support.errors import InputError
from keras_f2a.support.nested_settings import NestedSettings, part
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly
from keras_f2a.support.settings import check_values, documented, setting
from keras_f2a.training.settings import NetworkSettings, ObjectiveSettings, OptimizerSettings

_LARGEST_SEED = 2**32 - 1  # NumPy's limit


@documented
@dataclass(frozen=True, kw_only=True)
class MachineSettings:
    """Settings of the devices and the precision of a run."""

    precision: str = setting(
        "float32",
        "number format of the computations",
        choices=("float32", "mixed_bfloat16", "mixed_float16"),
    )
    strategy: str = setting(
        "auto",
        "which devices to use: auto uses all GPUs together, or one device without GPUs; "
        "multi_worker uses all GPUs of the workers in TF_CONFIG",
        choices=("auto", "mirrored", "single", "multi_worker"),
    )
    worker_timeout: float = setting(
        300.0, "seconds that the workers of a multi_worker run wait for one another", more_than=0
    )
    virtual_devices: int | None = setting(
        None, "split the CPU into this many devices, to try a mirrored run", at_least=1, at_most=64
    )

    def check(self) -> None:
        """Raise an `InputError` if settings contradict one another."""
        if self.virtual_devices is not None and self.strategy != "mirrored":
            raise InputError("needs `strategy=mirrored`", setting="virtual_devices")


@documented
@dataclass(frozen=True, init=False)
class TrainingSettings(NestedSettings):
    """The settings of `keras_f2a.runs.train`. The defaults are the paper's (section 4.2).

    They are divided into parts, by the packages that need them. A setting is passed by its name,
    whichever part it belongs to: `TrainingSettings(batch_size=4)` is the same as
    `TrainingSettings(pairs=PairSettings(batch_size=4))`.
    """

    run_dir: str = setting(
        "runs/train", "folder for the run; an unfinished run in it resumes", metavar="DIR"
    )
    epochs: int = setting(1000, "passes over the training pairs", at_least=1)
    seed: int = setting(
        0, "seed of weights, order and augmentation", at_least=0, at_most=_LARGEST_SEED
    )
    validate_every: int = setting(1, "epochs between validations", at_least=1)
    final: str = setting(
        "last",
        "which epoch's generator to keep; best is by validation PSNR",
        choices=("last", "best"),
    )
    pairs: PairSettings = part(PairSettings)
    networks: NetworkSettings = part(NetworkSettings)
    objective: ObjectiveSettings = part(ObjectiveSettings)
    optimizer: OptimizerSettings = part(OptimizerSettings)
    machine: MachineSettings = part(MachineSettings)

    def check(self) -> None:
        """Check every setting by itself and each part, as far as that needs no TensorFlow.

        Raises:
            InputError: A setting is out of range or contradicts another. The error names it.
        """
        check_values(self)
        if self.final == "best" and self.validate_every > self.epochs:
            raise InputError(
                f"no epoch would be validated; choose `validate_every={self.epochs}` or less",
                setting="final",
                value=self.final,
            )
        self.machine.check()
        self.pairs.resolved()
        self.objective.resolved()

    def resolved(self) -> "TrainingSettings":
        """Return these settings with every default filled in, checked.

        Raises:
            InputError: A setting is out of range or contradicts another. The error names it.
        """
        self.check()
        pairs, objective = self.pairs.resolved(), self.objective.resolved()
        import_tensorflow_quietly()
        from keras_f2a.training.building import resolved_networks

        networks = resolved_networks(self.networks, objective.condition)
        return replace(self, pairs=pairs, networks=networks, objective=objective)
