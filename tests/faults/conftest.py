import pytest

from tests.faults.suite import make_workshop


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    """Small generators and a finished run, made once by each process of the tests."""
    return make_workshop(tmp_path_factory.mktemp("workshop") / "shop")
