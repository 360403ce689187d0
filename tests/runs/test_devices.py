import pytest

from keras_f2a.runs.devices import choose_strategy, describe
from keras_f2a.support.errors import InputError


def test_single_is_one_device():
    strategy = choose_strategy("single")
    assert strategy.num_replicas_in_sync == 1
    assert describe(strategy) == "1 × CPU (OneDeviceStrategy)"


def test_mirrored_over_virtual_devices():
    strategy = choose_strategy("mirrored", virtual_devices=2)
    assert strategy.num_replicas_in_sync == 2
    assert describe(strategy) == "2 × CPU (MirroredStrategy)"


def test_a_process_has_one_mirrored_strategy():
    """Collective operations of a second strategy would be mistaken for those of the first."""
    assert choose_strategy("mirrored", 2) is choose_strategy("mirrored", 2)


def test_devices_cannot_change_once_in_use():
    choose_strategy("mirrored", virtual_devices=2).run(lambda: None)
    with pytest.raises(InputError, match="virtual_devices: TensorFlow already uses the CPU"):
        choose_strategy("mirrored", virtual_devices=3)
