"""One line of the table of proofs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was compared with what, on how many cases, and how many differed where none may."""

    proof: str
    against: str
    cases: int
    differences: int
    remark: str = ""
