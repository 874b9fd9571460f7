"""The responsible body of a place: who answers there for the matter before competence is looked at.

A determination decides it for the matters that it speaks of; else the cell's own body, the subdistrict, the district.
"""

from dataclasses import replace

from gridsvc.index.rules.departments import find_competent
from gridsvc.index.rules.place import Place, concerns
from gridsvc.index.rules.precedence import Inquiry
from gridsvc.index.rules.question import Question
from gridsvc.index.rules.trace import Named, Trace
from gridsvc.model.departments import Determination


def find_body(question: Question, place: Place) -> Named:
    """The department that answers for a place as such."""
    for row in place.determinations:
        if (decided := find_determined(question, row)) is not None:
            return decided
    whatever = replace(question.matter, category=None, component=None)
    lead = find_competent(Inquiry(question.duties, replace(place, determinations=()), whatever), Trace()).lead
    return Named(lead.code, lead.name)


def find_determined(question: Question, row: Determination) -> Named | None:
    """Whom a determination names on the day, where it speaks of the matter and the department is still there."""
    if not concerns(row.categories, question.matter.category_key):
        return None
    department = question.duties.organisation.follow(row.department, question.matter.day).department
    return None if department is None else Named(department.code, department.name)
