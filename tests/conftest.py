"""Fixtures by subject live in tests/fixtures; this file only names them."""

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.clients",
    "tests.fixtures.disks",
    "tests.fixtures.oidc_provider",
    "tests.fixtures.real_data",
    "tests.fixtures.stores",
]
