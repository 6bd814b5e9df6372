"""Telling people by e-mail, each matter once.

A matter becomes one row for each person (`tell`), in the transaction of what caused it. Sending
(`send`) takes a row before the message goes out: a crash between the two leaves one message unsent
and visible, never two sent. How a message fared is kept in its row, not in the audit trail.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from habitat_plan.kit.errors import RuleBroken
from organization import queries
from organization.models import Notice, Office, Role, User
from organization.permissions import require
from organization.services import audit

logger = logging.getLogger(__name__)

SUBJECT_LENGTH = 200
ERROR_LENGTH = 200
MOST_AT_ONCE = 200
# A server that asks to be tried again later means minutes, one that is misled means hours.
WAITS = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
DIGEST_HOUR = 6


@dataclass(frozen=True)
class Words:
    """What one person reads: a line, a text, and the address of the page (without the site's)."""

    subject: str
    text: str
    path: str


@dataclass(frozen=True)
class Matter:
    """Something that people are to be told. `write` is called in the language of each of them."""

    key: str
    office: Office
    people: Sequence[User]
    write: Callable[[], Words]


def one_line(text: str) -> str:
    """The text on one line without control characters: nothing in it can become a header."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:SUBJECT_LENGTH]


@transaction.atomic
def tell(*, matters: Iterable[Matter], by: User | None, at: datetime) -> int:
    """Makes the notices that are not made yet; how many. `by` is None for what the clock asks.

    Whoever chose no messages, or may not sign in any more, gets none.
    """
    wanted = [(matter, person.pk) for matter in matters for person in matter.people]
    people = {
        person.pk: person
        # Two that tell of one matter at the same time wait for each other here.
        for person in User.objects.select_for_update(no_key=True)
        .filter(pk__in={person for _matter, person in wanted}, is_active=True)
        .exclude(mail=User.Mail.NONE)
        .order_by("pk")
    }
    known = set(
        Notice.objects.filter(
            recipient__in=people, key__in={matter.key for matter, _person in wanted}
        ).values_list("recipient_id", "key")
    )
    made: dict[tuple[int, str], Notice] = {}
    told: dict[str, int] = {}
    for matter, pk in wanted:
        if pk in people and (pk, matter.key) not in known | made.keys():
            made[pk, matter.key] = _notice(matter, people[pk], at)
            told[matter.key] = told.get(matter.key, 0) + 1
    Notice.objects.bulk_create(made.values(), batch_size=500)
    offices = {matter.key: matter.office for matter, _person in wanted}
    audit.record_all(
        changes=[
            audit.Change(
                "tell people",
                offices[key],
                {"notices": (0, number)},
                reason=key,
                office=offices[key],
            )
            for key, number in told.items()
        ],
        by=by,
        at=at,
    )
    return len(made)


def _notice(matter: Matter, person: User, at: datetime) -> Notice:
    with override(person.language):
        words = matter.write()
    return Notice(
        recipient=person,
        key=matter.key,
        subject=one_line(words.subject),
        text=words.text,
        path=words.path,
        made_at=at,
    )


def send(*, at: datetime) -> int:
    """Sends what waits, at most 200 messages; how many went out.

    Not in a transaction: that a notice is taken must be seen by all before the message goes out.
    """
    bundles = list(_bundles(at))
    if not bundles:
        return 0
    server = get_connection()
    try:
        server.open()
    except OSError as error:
        # Nothing is taken yet: all of it is tried again at the next call.
        logger.warning("the mail server cannot be reached: %s", type(error).__name__)
        return 0
    sent = 0
    try:
        for bundle in bundles:
            sent += _sent(bundle, server, at)
    except OSError as error:
        # Whether the last message went out is not known; the rest waits for the next call.
        logger.warning("the line to the mail server broke: %s", type(error).__name__)
    finally:
        server.close()
    return sent


def _bundles(at: datetime) -> Iterator[list[Notice]]:
    """What goes into one message: a notice, or a day's notices of who wants one message a day."""
    daily: dict[int, list[Notice]] = {}
    for notice in queries.notices_to_send(at=at)[:MOST_AT_ONCE]:
        if notice.recipient.mail == User.Mail.EACH:
            yield [notice]
        else:
            daily.setdefault(notice.recipient_id, []).append(notice)
    if localtime(at).hour >= DIGEST_HOUR:
        yield from daily.values()


@transaction.atomic
def _taken(bundle: list[Notice], at: datetime) -> bool:
    """Takes the notices of one message; False if somebody else was quicker, or it had its day."""
    person = User.objects.select_for_update(no_key=True).get(pk=bundle[0].recipient_id)
    if person.mail == User.Mail.DIGEST and queries.had_message_on(person, localtime(at).date()):
        return False
    rows = Notice.objects.filter(pk__in=[one.pk for one in bundle], taken_at__isnull=True)
    if rows.update(taken_at=at, tries=F("tries") + 1) == len(bundle):
        return True
    transaction.set_rollback(True)
    return False


def _sent(bundle: list[Notice], server: BaseEmailBackend, at: datetime) -> int:
    """1 if the message went out. What the server refuses is given back and waits.

    Raises OSError if the line breaks: then the message may have gone out, so it stays taken.
    """
    message = message_of(bundle)
    if not _taken(bundle, at):
        return 0
    rows = Notice.objects.filter(pk__in=[one.pk for one in bundle])
    try:
        server.send_messages([message])
    except (SMTPResponseException, SMTPRecipientsRefused) as refusal:
        for one in bundle:
            after = at + WAITS[min(one.tries, len(WAITS) - 1)]
            rows.filter(pk=one.pk).update(taken_at=None, try_after=after, error=_said(refusal))
        return 0
    except OSError as error:
        rows.update(error=f"{type(error).__name__}: {error}"[:ERROR_LENGTH])
        raise
    rows.update(sent_at=at, error="")
    return 1


def _said(refusal: SMTPResponseException | SMTPRecipientsRefused) -> str:
    """What the mail server said, in its own words."""
    code, said = (
        next(iter(refusal.recipients.values()))
        if isinstance(refusal, SMTPRecipientsRefused)
        else (refusal.smtp_code, refusal.smtp_error)
    )
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return one_line(f"{code} {text}")[:ERROR_LENGTH]


def message_of(bundle: Sequence[Notice]) -> EmailMessage:
    """The message for one or more notices of one person, in that person's language."""
    person = bundle[0].recipient
    with override(person.language):
        subject = bundle[0].subject
        if len(bundle) > 1:
            subject = ngettext(
                "%(number)s matter of your figures",
                "%(number)s matters of your figures",
                len(bundle),
            ) % {"number": len(bundle)}
        parts = [_part(one, with_subject=len(bundle) > 1) for one in bundle]
        end = _("You choose on your account page how often you get such messages:")
        parts.append(f"-- \n{end}\n{settings.SITE_URL}{reverse('account')}\n")
    return EmailMessage(
        subject=one_line(subject),
        body="\n\n".join(parts),
        to=[person.email],
        headers={
            "Message-ID": _message_id(bundle),
            "Auto-Submitted": "auto-generated",
            "Content-Language": person.language,
        },
    )


def _part(notice: Notice, *, with_subject: bool) -> str:
    lines = [notice.subject, ""] if with_subject else []
    return "\n".join([*lines, notice.text, "", f"{settings.SITE_URL}{notice.path}"])


def _message_id(bundle: Sequence[Notice]) -> str:
    """The same for the same matters and person, so that a mail server can know a copy too."""
    keys = "\n".join(sorted(f"{one.recipient_id} {one.key}" for one in bundle))
    digest = hashlib.sha256(keys.encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"


@transaction.atomic
def send_again(*, notice: Notice, by: User, at: datetime) -> None:
    """Gives a notice back that was taken and never sent, or given up: somebody has looked at it.

    Raises RuleBroken `not_stuck` if it went out, or waits by itself.
    """
    require(by, Role.QUALITY_ASSURANCE, Role.ADMINISTRATOR)
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if not queries.stuck_notices(at=at).filter(pk=notice.pk).exists():
        raise RuleBroken("not_stuck", _("This message needs nothing done. Load the page again."))
    before = notice.taken_at
    notice.taken_at, notice.tries, notice.try_after, notice.error = None, 0, None, ""
    notice.save(update_fields=["taken_at", "tries", "try_after", "error"])
    audit.record(
        action="send notice again",
        subject=notice,
        by=by,
        at=at,
        changes={"taken at": (before, None)},
        reason=notice.key,
    )
