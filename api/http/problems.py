"""The kinds of trouble that HTTP answers tell (RFC 9457): one table, whose names are the stable `type` of each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gridsvc import errors


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """`name` is the last part of the type `/problems/<name>`; `remedy` says what a caller can do."""

    name: str
    status: int
    title: str
    title_zh: str
    remedy: str
    remedy_zh: str

    @property
    def type(self) -> str:
        """The stable `type`: a URI reference that opens the page about this kind."""
        return f"/problems/{self.name}"


def _load() -> Mapping[str, ProblemKind]:
    with (Path(__file__).parent / "problems.toml").open("rb") as file:
        return {name: ProblemKind(name, **kind) for name, kind in tomllib.load(file).items()}


KINDS = _load()
"""Every kind by its name."""

KEY_REQUIRED, KEY_REUSED, IN_FLIGHT = KINDS["key-required"], KINDS["key-reused"], KINDS["in-flight"]
MALFORMED_BODY, PARAMETERS, CROSS_SITE = KINDS["malformed-body"], KINDS["invalid-parameters"], KINDS["cross-site"]
HEAD_TOO_LARGE, MALFORMED_REQUEST = KINDS["head-too-large"], KINDS["malformed-request"]
MEDIA_TYPE, NOT_ACCEPTABLE, TOO_SLOW = KINDS["unsupported-media-type"], KINDS["not-acceptable"], KINDS["too-slow"]
PRECONDITION_FAILED, PRECONDITION_REQUIRED = KINDS["precondition-failed"], KINDS["precondition-required"]
ROUTE_NOT_FOUND, METHOD, SIGN_IN = KINDS["no-such-address"], KINDS["method-not-allowed"], KINDS["sign-in-required"]
INTERNAL, UNEXPECTED = KINDS["internal-error"], KINDS["http-error"]

KIND_OF: Mapping[type[errors.GridError], ProblemKind] = {
    errors.GridError: KINDS["failed"],
    errors.InvalidInput: KINDS["invalid-input"],
    errors.UnknownDatum: KINDS["unknown-datum"],
    errors.InvalidLocation: KINDS["invalid-location"],
    errors.UnknownCategory: KINDS["unknown-category"],
    errors.NotFound: KINDS["not-found"],
    errors.NoEdition: KINDS["no-edition"],
    errors.OutsideCoverage: KINDS["outside-coverage"],
    errors.LayerRefused: KINDS["layer-refused"],
    errors.PublishRefused: KINDS["publish-refused"],
    errors.Conflict: KINDS["conflict"],
    errors.TooLarge: KINDS["too-large"],
    errors.Busy: KINDS["busy"],
    errors.NotReady: KINDS["not-ready"],
    errors.NotAllowed: KINDS["not-allowed"],
    errors.SignInRequired: SIGN_IN,
    errors.TooOften: KINDS["too-often"],
}
"""Every error of the field, and what it is over HTTP; `exit_code` in `api.cli.terminal` is its twin at the terminal."""


def kind_of(error: errors.GridError) -> ProblemKind:
    """The kind of an error: its own class's."""
    return KIND_OF[type(error)]
