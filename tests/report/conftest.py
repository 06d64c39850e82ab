import pytest
from made_up_results import make


@pytest.fixture
def results(tmp_path):
    """Results of a made-up run; change its fields at will."""
    return make(tmp_path)
