"""People, offices and places, and the audit trail that nobody can change."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.wording import WordingField

models.CharField.register_lookup(Length)


class Role(models.TextChoices):
    """What a person may do, always in an office (annex III and p.89, p.94, p.98 of the plan)."""

    CONTRIBUTOR = "contributor", _("contributor")
    APPROVER = "approver", _("approver")
    QUALITY_ASSURANCE = "quality_assurance", _("quality assurance officer")
    REPORT_EDITOR = "report_editor", _("report editor")
    EVALUATION_OFFICER = "evaluation_officer", _("evaluation officer")
    MANAGER = "manager", _("manager")
    COMMITTEE = "committee", _("Committee representative")
    ADMINISTRATOR = "administrator", _("administrator")


class UserManager(BaseUserManager["User"]):
    """Makes people; used by services and tests."""

    def create_user(
        self, email: str, password: str | None = None, encoded: str = "", **fields: Any
    ) -> "User":
        """A person who signs in with this e-mail address and password (or one already hashed)."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        if encoded:
            user.password = encoded
        else:
            user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """For `manage.py createsuperuser`; the site itself knows only roles."""
        return self.create_user(email, password, "", is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Addresses are compared without regard to case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from their roles, never from fields here."""

    class Mail(models.TextChoices):
        EACH = "each", _("a message for each matter")
        DIGEST = "digest", _("one message a day")
        NONE = "none", _("no messages")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    mail = models.CharField(
        _("reminders by e-mail"), max_length=6, choices=Mail.choices, default=Mail.EACH
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="organization_user_email_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(mail__in=["each", "digest", "none"]),
                name="organization_user_mail_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Office(models.Model):
    """A unit of the secretariat that can own figures: division, branch, regional office, unit."""

    class Kind(models.TextChoices):
        EXECUTIVE = "executive", _("executive direction")
        DIVISION = "division", _("division")
        OFFICE = "office", _("office")
        BRANCH = "branch", _("branch")
        REGIONAL = "regional", _("regional office")
        COUNTRY = "country", _("country office")
        LIAISON = "liaison", _("liaison office")
        UNIT = "unit", _("unit")
        MISSION = "mission", _("permanent mission")

    code = models.CharField(
        max_length=20, unique=True, validators=[RegexValidator(r"^[A-Z][A-Z0-9-]*$")]
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = WordingField()
    region = models.ForeignKey(
        "Region", on_delete=models.PROTECT, null=True, blank=True, related_name="offices"
    )
    ordinal = models.PositiveSmallIntegerField(default=0)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["ordinal", "code"]
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="organization_office_code_given"),
            models.CheckConstraint(
                condition=~Q(parent=models.F("id")), name="organization_office_not_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "executive",
                        "division",
                        "office",
                        "branch",
                        "regional",
                        "country",
                        "liaison",
                        "unit",
                        "mission",
                    ]
                ),
                name="organization_office_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RoleAssignment(models.Model):
    """One person holds one role in one office, from a day until it is taken back."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "office", "role"],
                condition=Q(until__isnull=True),
                name="organization_role_held_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="organization_role_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "contributor",
                        "approver",
                        "quality_assurance",
                        "report_editor",
                        "evaluation_officer",
                        "manager",
                        "committee",
                        "administrator",
                    ]
                ),
                name="organization_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role} in {self.office.code}"


class Region(models.Model):
    """A group of countries: one of UN-Habitat's four regions, or a group of the M49 standard."""

    class Scheme(models.TextChoices):
        UN_HABITAT = "un_habitat", _("region of UN-Habitat")
        M49 = "m49", _("M49 group")

    code = models.CharField(max_length=30, unique=True)
    scheme = models.CharField(max_length=10, choices=Scheme.choices)
    name = WordingField()
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordinal", "code"]

    def __str__(self) -> str:
        return str(self.name)


class Country(models.Model):
    """A country or area of the M49 standard, or an invented one for demonstration."""

    iso3 = models.CharField(max_length=3, unique=True)
    m49 = models.CharField(max_length=3, blank=True)
    name = WordingField()
    regions = models.ManyToManyField(Region, related_name="countries")
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["iso3"]
        constraints = [
            models.CheckConstraint(
                condition=Q(iso3__length=3), name="organization_country_iso3_three_letters"
            ),
            models.UniqueConstraint(
                fields=["m49"], condition=~Q(m49=""), name="organization_country_m49_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class AuditEntry(models.Model):
    """One change of one thing: who, when, from, to, why. Appended, never changed.

    The database refuses UPDATE, DELETE, TRUNCATE and replacement (see the migration), and each
    entry carries the SHA-256 of its content and of the entry before it, so that whoever gets
    past the database is still found out by `manage.py verify_audit`.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150)
    action = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    subject_label = models.CharField(max_length=300)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="organization_audit_subject"),
            models.Index(fields=["office", "number"], name="organization_audit_office"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["previous_hash"], name="organization_audit_chain_never_forks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject_type} {self.subject_id}"


class Notice(models.Model):
    """Something to tell a person by e-mail, once: `key` names the matter.

    `taken_at` is set before the message goes out and `sent_at` after, so that nothing is sent
    twice; one that was taken and never sent is for a person to look at. What the mail server
    refused is given back with its `error` and tried again, not before `try_after`.
    """

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    key = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    path = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="organization_notice_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(taken_at__isnull=False),
                name="organization_notice_taken_before_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"


class AccessKey(models.Model):
    """A key with which a person's own program reads and writes by the API as that person.

    Only its SHA-256 is kept; the key itself is shown once. It never opens a session.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_keys")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(digest=""), name="organization_access_key_has_a_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"
