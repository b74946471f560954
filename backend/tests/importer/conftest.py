"""What the importer's tests share."""

from uuid import UUID

import pytest

from sovia.account.service import LOCAL_USER


@pytest.fixture
def me() -> UUID:
    """The local user, who is in every database of the tests."""
    return LOCAL_USER
