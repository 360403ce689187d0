import pytest

from tests.faults.suite import make_workshop


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    """Create small generators and a finished run, once in each test process."""
    return make_workshop(tmp_path_factory.mktemp("workshop") / "shop")
