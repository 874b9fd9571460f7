"""`python -m api.cli` is `gridsvc`."""

from api.cli import main

main()
