"""How the command for many workers is called. `tests/distributed/` tests what it does."""

import subprocess
import sys

import pytest

from keras_f2a import cluster
from keras_f2a.support.errors import InputError


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "keras_f2a.cluster: error: the following arguments are required: job"),
        (["evaluate"], "argument job: invalid choice: 'evaluate'"),
        (["correct", "a", "--output", "b", "--workers", "0"], "0 is not a positive number"),
        (
            ["correct", "a"],
            "error: the following arguments are required: --output",
        ),
        (["train"], "cluster train: error: the following arguments are required: --workers"),
        (["train", "--workers", "2", "--strategy", "single"], "unrecognized arguments: --strategy"),
    ],
)
def test_wrong_calls_are_one_line(arguments, message, capsys):
    with pytest.raises(SystemExit) as ended:
        cluster.main(arguments)
    assert ended.value.code == 2
    line = capsys.readouterr().err
    assert message in line and line.count("\n") == 1


def test_without_the_extra_it_says_what_to_install(tmp_path):
    code = "import sys; sys.modules['ray'] = None; sys.argv = ['cluster', *sys.argv[1:]]\n"
    code += "import runpy; runpy.run_module('keras_f2a.cluster', run_name='__main__')"
    command = [sys.executable, "-c", code, "correct", str(tmp_path), "--output", "out"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.endswith("need a package: pip install 'keras_f2a[ray]'\n")


def test_no_cluster_at_the_address(tmp_path):
    pytest.importorskip("ray")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(b"")
    command = ["correct", str(tmp_path / "in"), "--output", str(tmp_path / "out"), "--address"]
    for address in ("127.0.0.1:1", "127.0.0.1:port"):
        with pytest.raises(InputError, match=f"address={address}: no Ray cluster answers"):
            cluster.main([*command, address])
