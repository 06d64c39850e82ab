import pytest
from small_worlds import ENGINES


@pytest.fixture(params=ENGINES, scope="session")
def engine(request):
    """Each engine in turn; what holds must hold in all of them."""
    return request.param
