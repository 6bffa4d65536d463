"""The contracts look at the same server as the server's own tests."""

from tests.server.conftest import *  # noqa: F403 - the fixtures
