"""Checks 31 and 32: several people decide on, or hand in, the same submission at one moment."""

from collections import Counter

import factories
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from racing import at_once

from indicators.models import PeriodWindow, Submission, SubmissionStep
from indicators.pages.decisions import approve_several
from indicators.services import periods, submissions
from organization.models import AuditEntry, User
from organization.services import audit

NOW = factories.NOW
MOST = 8
pytestmark = pytest.mark.django_db(transaction=True)


def again(row: Submission, **stamps) -> None:
    """Puts the submission back to where it waits for a decision."""
    Submission.objects.filter(pk=row.pk).update(
        state="submitted",
        approved_by=None,
        approved_at=None,
        returned_by=None,
        returned_at=None,
        return_note="",
        **stamps,
    )


def approve(row, who):
    return submissions.approve(submission=row, by=User.objects.get(pk=who), at=NOW)


def approve_by_queue(row, who):
    """The same from the queue, which says what it refused; a refusal is told by its code here."""
    form = QueryDict(f"submission={row.pk}")
    done, refusals = approve_several(form, by=User.objects.get(pk=who), at=NOW)
    if not done:
        assert refusals[0].endswith("Load the page again."), refusals
        approve(row, who)


@pytest.mark.drill
def test_of_several_approvers_one_approves(on_file, tell, rounds):
    house = factories.make_house()
    row = factories.submission(house.branch, state="submitted")
    people = [factories.person(approver=house.branch).pk for _number in range(MOST)]
    on_file()
    total, refused, chosen = rounds(14, 1_000), 0, Counter()
    for number in range(total):
        again(row)
        at_a_time = 2 + number % (MOST - 1)
        entries, steps = AuditEntry.objects.count(), SubmissionStep.objects.count()
        answers = at_once(
            *(
                lambda who=who, way=(approve, approve_by_queue)[place % 2]: way(row, who)
                for place, who in enumerate(people[:at_a_time])
            )
        )
        assert answers == ["done", *["wrong_state"] * (at_a_time - 1)]
        assert AuditEntry.objects.count() == entries + 1
        assert SubmissionStep.objects.count() == steps + 1
        now = Submission.objects.get(pk=row.pk)
        assert now.state == "approved"
        assert now.approved_by_id == row.steps.last().made_by_id
        assert now.approved_by_id in people
        chosen[now.approved_by_id] += 1
        refused += at_a_time - 1
    assert audit.verify() is None
    tell(
        f"check 31: {connection.vendor}, {total} rounds of 2 to {MOST} approvers, {total} "
        f"approvals by {len(chosen)} people, {refused} plain refusals, 0 deadlocks"
    )


@pytest.mark.drill
def test_of_approving_returning_and_withdrawing_one_is_done(on_file, tell, rounds):
    house = factories.make_house()
    row = factories.submission(house.branch, state="submitted")
    factories.grant(row.submitted_by, "contributor", house.branch)
    stamps = {"submitted_by": row.submitted_by, "submitted_at": NOW}
    on_file()
    total = rounds(10, 1_000)
    for _round in range(total):
        again(row, **stamps)
        answers = at_once(
            lambda: submissions.approve(submission=row, by=house.approver, at=NOW),
            lambda: submissions.return_to_office(
                submission=row, by=house.second_approver, at=NOW, note="Explain."
            ),
            lambda: submissions.withdraw(submission=row, by=row.submitted_by, at=NOW),
        )
        assert answers == ["done", "wrong_state", "wrong_state"]
    taken = Counter(SubmissionStep.objects.values_list("action", flat=True))
    entries = AuditEntry.objects.filter(subject_type="indicators.submission").count()
    assert sum(taken.values()) == entries == total
    assert audit.verify() is None
    ways = ", ".join(f"{action} {number}" for action, number in sorted(taken.items()))
    tell(f"check 31: {connection.vendor}, {total} rounds of three different decisions: {ways}")


@pytest.mark.drill
def test_of_several_submits_one_counts(on_file, tell, rounds):
    house = factories.make_house()
    number = factories.indicator("FA1.1", offices=[house.branch])
    factories.figure(number, house.branch, value="0")
    colleague = factories.person(contributor=house.branch)
    row = factories.submission(house.branch, state="draft")
    people = [house.contributor.pk, house.contributor.pk, colleague.pk, colleague.pk]
    on_file()
    total = rounds(10, 1_000)
    for _round in range(total):
        Submission.objects.filter(pk=row.pk).update(state="draft")
        steps, entries = SubmissionStep.objects.count(), AuditEntry.objects.count()
        answers = at_once(
            *(
                lambda who=who: submissions.submit(
                    office=house.branch,
                    period=house.year,
                    by=User.objects.get(pk=who),
                    at=NOW,
                )
                for who in people
            )
        )
        assert answers == ["done", "locked", "locked", "locked"]
        assert SubmissionStep.objects.count() == steps + 1
        assert AuditEntry.objects.count() == entries + 1
    assert audit.verify() is None
    tell(f"check 32: {connection.vendor}, {total} rounds of 4 submits at once, 1 effect each")


@pytest.mark.drill
def test_nothing_is_handed_in_after_a_close_at_the_same_moment(on_file, tell, rounds):
    house = factories.make_house()
    row = factories.submission(house.branch, state="draft")
    on_file()
    total, before = rounds(10, 1_000), 0
    for _round in range(total):
        PeriodWindow.objects.update(closed_at=None, closed_by=None)
        Submission.objects.filter(pk=row.pk).update(state="draft")
        start = AuditEntry.objects.count()
        answers = at_once(
            lambda: periods.close_period(period=house.year, by=house.officer, at=NOW),
            lambda: submissions.submit(
                office=house.branch, period=house.year, by=house.contributor, at=NOW
            ),
        )
        history = list(AuditEntry.objects.filter(number__gt=start).values_list("action", flat=True))
        handed_in = Submission.objects.get(pk=row.pk).state == "submitted"
        before += handed_in
        assert (answers, history) == (
            (["done", "done"], ["submit submission", "close period"])
            if handed_in
            else (["done", "locked"], ["close period"])
        )
    tell(
        f"check 32: {connection.vendor}, {total} rounds of submit against close, "
        f"{before} before it, 0 after it"
    )


@pytest.mark.drill
def test_the_same_form_sent_twice_has_one_effect(tell):
    house = factories.make_house()
    number = factories.indicator("FA1.1", offices=[house.branch])
    factories.figure(number, house.branch, value="0")
    client = Client()
    client.force_login(house.contributor, backend="django.contrib.auth.backends.ModelBackend")
    page = "/en/offices/BR1/2016/submit/"
    answers = [client.post(page).status_code for _time in range(3)]
    assert answers[0] == 302
    assert Submission.objects.get().state == "submitted"
    assert [step.action for step in SubmissionStep.objects.all()] == ["submit"]
    assert AuditEntry.objects.filter(action="submit submission").count() == 1
    tell(f"check 32: the same form sent three times answered {answers}, 1 step, 1 audit entry")
