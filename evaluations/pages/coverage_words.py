"""What the rules of coverage ask, what is missing, and how far an evaluation is, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluations.rules.coverage import Rule
from evaluations.rules.evaluated import Found

Words = str | Promise
TAGS: Mapping[Found, tuple[str, Words]] = {
    Found.DONE: ("done", _("Evaluated")),
    Found.DONE_LATE: ("done", _("Evaluated, late")),
    Found.UNDER_WAY: ("running", _("Under way")),
    Found.PLANNED: ("planned", _("Planned")),
    Found.LATE: ("late", _("Too late")),
    Found.NONE: ("late", _("None planned")),
}
RULES: Mapping[Rule, Words] = {
    Rule.MANDATE: _("Mandated evaluations come first."),
    Rule.FOCUS_AREA: _("Each focus area is evaluated at least once in the life of the plan."),
    Rule.EXTERNAL: _("Each project above the threshold has an external evaluation at its end."),
    Rule.BUDGET_LINE: _("Each project above the threshold sets money aside for its evaluation."),
    Rule.BIENNIAL_PLAN: _("Each biennium has an approved evaluation plan."),
    Rule.STRATEGIC: _("A plan holds strategic and impact evaluations too."),
    Rule.MOSTLY_EXTERNAL: _("Most evaluations are made by external evaluators."),
    Rule.PUBLISHED: _("All evaluation reports are published."),
}
# What is missing: of a rule, where nothing is there, and where it comes too late.
MISSING: Mapping[Rule, tuple[Words, Words]] = {
    Rule.MANDATE: (
        _("No evaluation is made or planned for it. Plan one and name the mandate."),
        _("Its evaluation is not in time. Bring it forward, or tell the body why not."),
    ),
    Rule.FOCUS_AREA: (
        _("No evaluation of it is made or planned. Plan one."),
        _("Its evaluation is not made within the life of the plan. Bring it forward."),
    ),
    Rule.EXTERNAL: (
        _("No external evaluation is made or planned. Agree on one with the Unit."),
        _("Its external evaluation is not in time."),
    ),
    Rule.BUDGET_LINE: (
        _("No money is set aside for its evaluation. Add a line to its budget."),
        _("No money is set aside for its evaluation. Add a line to its budget."),
    ),
    Rule.BIENNIAL_PLAN: (
        _("No approval of the plan is recorded. Have it approved, or record who did."),
        _("No approval of the plan is recorded. Have it approved, or record who did."),
    ),
    Rule.STRATEGIC: (
        _("It lists no strategic and no impact evaluation. Add one."),
        _("It lists no strategic and no impact evaluation. Add one."),
    ),
    Rule.MOSTLY_EXTERNAL: (
        _("External evaluators make half of them or fewer. Commission more of them."),
        _("External evaluators make half of them or fewer. Commission more of them."),
    ),
    Rule.PUBLISHED: (
        _("Its report is there and not published. Publish it."),
        _("Its report is there and not published. Publish it."),
    ),
}
