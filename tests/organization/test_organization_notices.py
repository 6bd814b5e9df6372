"""People are told by e-mail: each matter once, in their language, as often as they chose."""

import smtplib
from datetime import UTC, datetime, timedelta
from typing import Any

import factories
import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization import queries
from organization.models import AuditEntry, Notice, User
from organization.services import notices, people
from organization.services.notices import Matter, Words

# Nine o'clock in the morning where the site is (UTC + 3).
MORNING = datetime(2017, 1, 16, 6, 0, tzinfo=UTC)
NIGHT = datetime(2017, 1, 16, 1, 0, tzinfo=UTC)
RETURNED = {
    "ar": "أُعيدت",
    "zh": "已退回",
    "en": "Returned",
    "fr": "Renvoyé",
    "ru": "Возвращен",
    "es": "Devuelto",
}


def matter(house: factories.House, *told: User, key: str = "k/1", **words: str) -> Matter:
    given = {"subject": "Figures are due", "text": "Enter them.", "path": "/en/work/"} | words
    return Matter(key, house.branch, told, lambda: Words(**given))


def tell(house: factories.House, *told: User, at: datetime = MORNING, **given: str) -> int:
    return notices.tell(matters=[matter(house, *told, **given)], by=None, at=at)


def choose(user: User, way: str) -> None:
    people.choose_mail(user=user, mail=way, at=MORNING)


class Broken(EmailBackend):
    """A mail server that refuses, or breaks the line, as often as it is told to."""

    faults: list[OSError] = []
    refuses_connection = False

    def open(self) -> bool:
        if self.refuses_connection:
            raise ConnectionRefusedError
        return True

    def send_messages(self, messages: Any) -> int:
        if self.faults:
            raise self.faults.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def server(settings: Any) -> type[Broken]:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    Broken.faults, Broken.refuses_connection = [], False
    return Broken


class TestTell:
    def test_makes_one_notice_for_each_person_and_matter(self, house):
        assert tell(house, house.contributor, house.approver) == 2
        assert tell(house, house.contributor, house.approver, house.second_approver) == 1
        assert tell(house, house.contributor, key="k/2") == 1
        assert Notice.objects.count() == 4

    def test_is_in_the_audit_trail_with_the_matter(self, house):
        tell(house, house.contributor, house.approver)
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.reason, entry.office) == ("tell people", "k/1", house.branch)
        assert entry.changes == {"notices": [0, 2]}
        tell(house, house.contributor)
        assert AuditEntry.objects.count() == 1

    def test_leaves_out_who_wants_none_and_who_may_not_sign_in(self, house):
        choose(house.contributor, "none")
        User.objects.filter(pk=house.approver.pk).update(is_active=False)
        assert tell(house, house.contributor, house.approver, house.regional) == 1
        assert Notice.objects.get().recipient == house.regional

    @pytest.mark.parametrize(("language", "word"), RETURNED.items())
    def test_writes_in_the_language_of_each(self, house, language, word):
        people.choose_language(user=house.contributor, language=language, at=MORNING)
        told = [house.contributor, house.approver]
        one = Matter("k", house.branch, told, lambda: Words(_("Returned"), "", reverse("work")))
        notices.tell(matters=[one], by=None, at=MORNING)
        assert list(Notice.objects.order_by("recipient").values_list("subject", "path")) == [
            (word, f"/{language}/work/"),
            ("Returned", "/en/work/"),
        ]
        notices.send(at=MORNING)
        message = mail.outbox[0].message()
        assert message["Content-Language"] == language
        assert f"/{language}/account/" in message.get_payload(decode=True).decode()

    def test_keeps_a_line_a_line(self, house):
        tell(house, house.contributor, subject="Due\r\nBcc: all@example.org\x00 now " + "x" * 300)
        subject = Notice.objects.get().subject
        assert subject.startswith("Due Bcc: all@example.org now xxx")
        assert len(subject) == 200


class TestSend:
    def test_sends_each_notice_once(self, house):
        tell(house, house.contributor, house.approver)
        assert notices.send(at=MORNING) == 2
        assert notices.send(at=MORNING) == 0
        assert [message.to for message in mail.outbox] == [
            ["ana.contributor@example.org"],
            ["bo.approver@example.org"],
        ]
        assert {(one.taken_at, one.sent_at) for one in Notice.objects.all()} == {(MORNING, MORNING)}

    def test_holds_text_link_and_the_way_to_fewer_messages(self, house, settings):
        settings.SITE_URL = "https://results.example.org"
        tell(house, house.contributor, path="/en/offices/BR1/2016/?show=todo")
        notices.send(at=MORNING)
        body = mail.outbox[0].body
        assert "Enter them.\n\nhttps://results.example.org/en/offices/BR1/2016/?show=todo\n" in body
        assert body.endswith("https://results.example.org/en/account/\n")

    def test_names_the_message_after_its_matter(self, house, settings):
        settings.SITE_URL = "https://results.example.org:8443"
        tell(house, house.contributor, house.approver)
        notices.send(at=MORNING)
        names = [message.extra_headers["Message-ID"] for message in mail.outbox]
        assert len(set(names)) == 2
        assert all(name.endswith("@results.example.org>") for name in names)
        again = notices.message_of([Notice.objects.order_by("pk")[0]])
        assert again.extra_headers["Message-ID"] == names[0]

    def test_cannot_be_made_to_write_a_header(self, house):
        tell(house, house.contributor, subject="Due\nBcc: x@example.org", text="a\n.\nBcc: y")
        notices.send(at=MORNING)
        message = mail.outbox[0].message()
        assert message["Bcc"] is None
        assert message["Subject"] == "Due Bcc: x@example.org"
        assert message["Auto-Submitted"] == "auto-generated"

    def test_skips_what_another_sender_takes_at_the_same_moment(self, house, monkeypatch):
        tell(house, house.contributor)
        ours = list(queries.notices_to_send(at=MORNING))
        assert notices.send(at=MORNING) == 1
        # What a second sender read before the first one took it.
        monkeypatch.setattr(queries, "notices_to_send", lambda at: ours)
        assert notices.send(at=MORNING) == 0
        assert len(mail.outbox) == 1

    def test_sends_nothing_that_was_taken_and_not_sent(self, house):
        tell(house, house.contributor)
        Notice.objects.update(taken_at=MORNING)
        assert notices.send(at=MORNING + timedelta(days=1)) == 0
        assert mail.outbox == []


class TestDigest:
    def test_is_one_message_a_day(self, house):
        choose(house.contributor, "digest")
        tell(house, house.contributor, subject="First")
        tell(house, house.contributor, key="k/2", subject="Second")
        assert notices.send(at=NIGHT) == 0
        assert notices.send(at=MORNING) == 1
        (message,) = mail.outbox
        assert message.subject == "2 matters of your figures"
        assert message.body.index("First") < message.body.index("Second")
        tell(house, house.contributor, key="k/3")
        assert notices.send(at=MORNING + timedelta(hours=14)) == 0
        assert notices.send(at=MORNING + timedelta(days=1)) == 1
        assert mail.outbox[1].subject == "Figures are due"

    def test_leaves_the_others_their_messages(self, house):
        choose(house.contributor, "digest")
        tell(house, house.contributor, house.approver)
        tell(house, house.contributor, house.approver, key="k/2")
        assert notices.send(at=MORNING) == 3


class TestChoice:
    def test_of_none_drops_what_waits(self, house):
        tell(house, house.contributor, house.approver)
        choose(house.contributor, "none")
        assert notices.send(at=MORNING) == 1
        assert [message.to for message in mail.outbox] == [["bo.approver@example.org"]]

    def test_is_one_of_three(self, house):
        with pytest.raises(RuleBroken) as broken:
            choose(house.contributor, "weekly")
        assert broken.value.field == "mail"

    def test_is_in_the_audit_trail_once(self, house):
        choose(house.contributor, "digest")
        choose(house.contributor, "digest")
        assert AuditEntry.objects.get().changes == {"mail": ["each", "digest"]}


class TestMailServer:
    def test_that_refuses_gets_it_again_five_times_and_no_more(self, house, server):
        tell(house, house.contributor)
        server.faults = [smtplib.SMTPDataError(451, b"Greylisted") for _number in range(9)]
        tries = []
        at = MORNING
        for _number in range(2000):
            before = len(server.faults)
            notices.send(at=at)
            if len(server.faults) < before:
                tries.append(at - MORNING)
            at += timedelta(minutes=1)
        minutes = [int(passed.total_seconds() // 60) for passed in tries]
        assert minutes == [0, 5, 35, 155, 875]
        one = Notice.objects.get()
        assert (one.error, one.taken_at, one.sent_at) == ("451 Greylisted", None, None)
        assert list(queries.stuck_notices(at=at)) == [one]

    def test_that_refuses_once_gets_it_later_and_the_error_is_forgotten(self, house, server):
        tell(house, house.contributor)
        refused = {"ana.contributor@example.org": (450, b"Busy")}
        server.faults = [smtplib.SMTPRecipientsRefused(refused)]
        assert notices.send(at=MORNING) == 0
        assert Notice.objects.get().error == "450 Busy"
        assert notices.send(at=MORNING + timedelta(minutes=5)) == 1
        assert Notice.objects.get().error == ""

    def test_that_hangs_up_leaves_the_message_taken_and_the_rest_waiting(self, house, server):
        tell(house, house.contributor, house.approver)
        server.faults = [smtplib.SMTPServerDisconnected("gone")]
        assert notices.send(at=MORNING) == 0
        assert notices.send(at=MORNING + timedelta(minutes=1)) == 1
        later = MORNING + timedelta(hours=1)
        assert notices.send(at=later) == 0
        (stuck,) = queries.stuck_notices(at=later)
        assert stuck.recipient == house.contributor
        assert stuck.error == "SMTPServerDisconnected: gone"

    def test_that_is_down_costs_no_try(self, house, server):
        tell(house, house.contributor)
        server.refuses_connection = True
        for hours in range(20):
            assert notices.send(at=MORNING + timedelta(hours=hours)) == 0
        server.refuses_connection = False
        assert notices.send(at=MORNING + timedelta(hours=20)) == 1
        assert Notice.objects.get().tries == 1

    def test_is_not_called_for_nothing(self, house, server):
        server.refuses_connection = True
        assert notices.send(at=MORNING) == 0


class TestStuck:
    def test_is_what_was_taken_a_while_ago_and_not_sent(self, house):
        tell(house, house.contributor)
        Notice.objects.update(taken_at=MORNING)
        assert not queries.stuck_notices(at=MORNING + timedelta(minutes=9))
        assert queries.stuck_notices(at=MORNING + timedelta(minutes=11))

    def test_goes_out_when_somebody_says_so(self, house):
        tell(house, house.contributor)
        Notice.objects.update(taken_at=MORNING)
        later = MORNING + timedelta(hours=1)
        notices.send_again(notice=Notice.objects.get(), by=house.administrator, at=later)
        assert notices.send(at=later) == 1
        with pytest.raises(RuleBroken) as broken:
            notices.send_again(notice=Notice.objects.get(), by=house.administrator, at=later)
        assert broken.value.code == "not_stuck"

    def test_is_not_for_offices(self, house):
        tell(house, house.contributor)
        with pytest.raises(NotAllowed):
            notices.send_again(notice=Notice.objects.get(), by=house.contributor, at=MORNING)
