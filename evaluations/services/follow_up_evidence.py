"""Evidence of follow-ups: files and links that show that what an owner reports is true (p.99).

A file is read, scanned and stored before the database is locked for writing (`file_piece`); then it
is written together with the entry that it speaks for, or added to one (`add_file`, `add_link`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from evaluations import permissions
from evaluations.models import Action, FollowUp, FollowUpEvidence
from evaluations.rules.follow_up import CLOSED
from evaluations.services.typed import written
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.kit.scanner import scan
from habitat_plan.kit.uploads import clean_name, recognize
from indicators.services.evidence import keep
from indicators.services.links import read_link
from organization.models import User
from organization.services import audit

PIECES_LIMIT = 50
"""For one action, so that nobody fills the disk through it."""
TITLE_LIMIT = 200


@dataclass(frozen=True)
class Piece:
    """A file that is stored, or a link, ready to be written with the entry that it speaks for."""

    title: str
    link: str = ""
    name: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    scanned: bool = False


def require_owner(by: User, action: Action) -> None:
    """Raises NotAllowed for whoever does not own the action."""
    if not permissions.owns(by, action):
        raise NotAllowed(
            "role_needed",
            _(
                "This is for whoever owns the action: the person named, and contributors and "
                "approvers of %(office)s."
            )
            % {"office": action.office.name},
        )


def link_piece(*, title: str, link: str) -> Piece:
    """A link. Raises RuleBroken `not_an_address`, `evidence_empty`."""
    address = read_link(link)
    if not address:
        raise RuleBroken("evidence_empty", _("Give a file or a link."), "link")
    return Piece(title=(written(title, "title") or address)[:TITLE_LIMIT], link=address)


def file_piece(*, action: Action, title: str, name: str, content: bytes, by: User) -> Piece:
    """A file, scanned and stored. Should its entry fail, it stays behind and nobody can reach it.

    Raises NotAllowed, `too_much_evidence`, and with the codes of `kit.refusals`.
    """
    require_owner(by, action)
    _check_room(action, 1)
    found = recognize(content)
    scanned = scan(content, settings.SCANNER)
    file_name = clean_name(name, found.kind)
    return Piece(
        title=(written(title, "title") or file_name)[:TITLE_LIMIT],
        name=file_name,
        media_type=found.kind.media_type,
        size=len(found.content),
        sha256=keep(found.content),
        scanned=bool(scanned),
    )


def _check_room(action: Action, wanted: int) -> None:
    if FollowUpEvidence.objects.filter(follow_up__action=action).count() + wanted > PIECES_LIMIT:
        raise RuleBroken(
            "too_much_evidence",
            _("%(count)d pieces of evidence are the most that are kept for an action.")
            % {"count": PIECES_LIMIT},
        )


def attach(
    follow_up: FollowUp, pieces: Sequence[Piece], *, by: User, at: datetime
) -> list[FollowUpEvidence]:
    """Writes pieces of evidence to an entry, in the transaction of the caller; each once.

    Raises RuleBroken `too_much_evidence`.
    """
    if not pieces:
        return []
    _check_room(follow_up.action, len(pieces))
    return [_attached(follow_up, piece, by, at) for piece in pieces]


def _attached(follow_up: FollowUp, piece: Piece, by: User, at: datetime) -> FollowUpEvidence:
    same = {"link": piece.link, "sha256": piece.sha256}
    if known := follow_up.evidence.filter(**same).first():
        return known
    row = FollowUpEvidence.objects.create(
        follow_up=follow_up,
        title=piece.title,
        name=piece.name,
        media_type=piece.media_type,
        size=piece.size,
        added_at=at,
        added_by=by,
        **same,
    )
    audit.record(
        action="add evidence",
        subject=row,
        by=by,
        at=at,
        changes={
            "title": (None, piece.title),
            **{name: (None, value) for name, value in same.items() if value},
            **({"scanned": (None, piece.scanned)} if piece.sha256 else {}),
        },
        office=follow_up.action.office,
    )
    return row


@transaction.atomic
def add(
    *, follow_up: FollowUp, pieces: Sequence[Piece], by: User, at: datetime
) -> list[FollowUpEvidence]:
    """Adds pieces of evidence to an entry of an open action; each once.

    Raises NotAllowed, and RuleBroken `action_closed`, `too_much_evidence`.
    """
    return attach(_open(follow_up, by), pieces, by=by, at=at)


@transaction.atomic
def add_link(
    *, follow_up: FollowUp, title: str, link: str, by: User, at: datetime
) -> FollowUpEvidence:
    """Adds a link to an entry of an open action; the same link twice is one.

    Raises NotAllowed, and RuleBroken `action_closed`, `evidence_empty`, `not_an_address`,
    `too_much_evidence`.
    """
    row = _open(follow_up, by)
    return attach(row, [link_piece(title=title, link=link)], by=by, at=at)[0]


def add_file(
    *, follow_up: FollowUp, name: str, content: bytes, title: str, by: User, at: datetime
) -> FollowUpEvidence:
    """Adds a file to an entry of an open action; the same file twice is one.

    Raises NotAllowed, and RuleBroken `action_closed`, `too_much_evidence`, and with the codes of
    `kit.refusals`.
    """
    with transaction.atomic():
        row = _open(follow_up, by)
    piece = file_piece(action=row.action, title=title, name=name, content=content, by=by)
    with transaction.atomic():
        return attach(_open(follow_up, by), [piece], by=by, at=at)[0]


def _open(follow_up: FollowUp, by: User) -> FollowUp:
    """The entry, its action locked. What was verified stays as it was when it was verified."""
    action = (
        Action.objects.select_for_update(of=("self",))
        .select_related("office", "state", "recommendation")
        .get(pk=follow_up.action_id)
    )
    require_owner(by, action)
    if action.state.phase in CLOSED:
        raise RuleBroken(
            "action_closed",
            _("This action is closed, and its evidence stays as it was when it was verified."),
        )
    row = FollowUp.objects.get(pk=follow_up.pk)
    row.action = action
    return row
