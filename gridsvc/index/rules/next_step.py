"""What the subdistrict would do now. Blowing a whistle stays a human act: the service only suggests it."""

from collections.abc import Iterable

from gridsvc.index.rules.departments import Competent
from gridsvc.index.rules.question import Matter
from gridsvc.index.rules.trace import Named, Trace
from gridsvc.model.resolution import NextStep, Rule


def suggest_next_step(
    matter: Matter, competent: Competent, neighbours: Iterable[Named], trace: Trace
) -> NextStep | None:
    """`neighbours` are other subdistricts (or districts) within the doubt; none without a category.

    What was determined on site is no longer in doubt, and whom it made responsible has to be called. Powers move down
    in time, so it is else the duty item of the day that says what the subdistrict may do itself.
    """
    if matter.category is None:
        return None
    across, is_determined = sorted(neighbours), competent.lead.rule == Rule.DETERMINATION.value
    if across and not is_determined:
        trace.add("NEXT_STEP_JOINT", *(area.code for area in across), neighbours=tuple(across))
        return NextStep.SUGGEST_JOINT_WHISTLE
    if (item := competent.duty_item) is not None and (competent.own_subdistrict or not is_determined):
        if item.inside_subdistrict_power:
            trace.add("NEXT_STEP_INSIDE_POWER", item.code, item=Named(item.code, item.title))
            return NextStep.DISPATCH
        trace.add("NEXT_STEP_OUTSIDE_POWER", item.code, item=Named(item.code, item.title))
        return NextStep.SUGGEST_WHISTLE
    department = Named(competent.lead.code, competent.lead.name)
    if competent.own_subdistrict:
        trace.add("NEXT_STEP_OWN_LEAD", department.code, department=department)
        return NextStep.DISPATCH
    if is_determined:
        trace.add("NEXT_STEP_DETERMINED", department.code, department=department)
    else:
        trace.add("NEXT_STEP_FOREIGN_LEAD", department.code, department=department)
    return NextStep.SUGGEST_WHISTLE
