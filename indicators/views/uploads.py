"""The doors of spreadsheets: what is taken away, what is sent, what is confirmed."""

from typing import Any

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.forms.uploads import UploadForm
from indicators.models import Upload
from indicators.pages import downloads
from indicators.pages.uploads import Asked, asked, new_context, take_step, upload_context
from indicators.queries.uploads import visible_upload
from indicators.services import uploads
from indicators.views import doors


def _file(found: downloads.File | None) -> HttpResponse:
    if found is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return HttpResponse(found.content, content_type=found.content_type, headers=headers)


@login_required
@require_safe
def workbook(request: HttpRequest, office: str, period: str, format: str) -> HttpResponse:
    """The figures of an office and year to be filled in elsewhere, as XLSX or CSV."""
    where, year = doors.readable_office(request, office), doors.year(period)
    return _file(downloads.office_file(where, year, format, today=timezone.localdate()))


@login_required
@require_safe
def list_file(request: HttpRequest, kind: str, format: str) -> HttpResponse:
    """Authorities, achievements, baselines or targets as XLSX or CSV; 404 for who may not."""
    return _file(downloads.list_file(doors.person(request.user), kind, format))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form to send a file; a POST keeps and reads it, and goes on to what it would change."""
    user = doors.person(request.user)
    wanted = asked(user, request.GET)
    if request.method != "POST":
        form = UploadForm(initial={"language": doors.language()})
        return render(request, "indicators/upload_new.html", new_context(user, wanted, form))
    uploads.require_upload(user, wanted.kind, wanted.office)
    form = UploadForm(request.POST, request.FILES)
    found = _received(request, wanted, form) if form.is_valid() else None
    if found is None:
        context = new_context(user, wanted, form)
        return render(request, "indicators/upload_new.html", context, status=422)
    return redirect("upload", found.pk)


def _received(request: HttpRequest, wanted: Asked, form: UploadForm) -> Upload | None:
    file, by, at = form.cleaned_data["file"], doors.person(request.user), timezone.now()
    try:
        kept = uploads.receive(
            kind=wanted.kind,
            office=wanted.office,
            period=wanted.period,
            file_name=file.name or "",
            content=file.read(),
            language=form.cleaned_data["language"],
            by=by,
            at=at,
        )
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.refuse(broken)
        return None
    return uploads.read(upload=kept, by=by, at=at)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, number: int) -> HttpResponse:
    """What a file would change; a POST confirms it, stops it or puts it away."""
    found, refused = _visible(request, number), None
    if request.method == "POST":
        try:
            sentence = take_step(found, request.POST, by=doors.person(request.user))
        except NotAllowed:
            raise
        except RuleBroken as broken:
            found, refused = _visible(request, number), broken
        else:
            notes.success(request, sentence)
            return redirect("upload", number)
    context = upload_context(found, at=timezone.now(), refused=refused)
    return render(request, "indicators/upload.html", context, status=409 if refused else 200)


@login_required
@require_safe
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """The part of the page that says how far the work is; the whole page once it is over."""
    context: dict[str, Any] = upload_context(_visible(request, number), at=timezone.now())
    if request.headers.get("HX-Request") != "true":
        return redirect("upload", number)
    response = render(request, "indicators/upload_progress.html", context)
    if not context["at_work"]:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_safe
def errors(request: HttpRequest, number: int) -> HttpResponse:
    """The file that was sent, with what is wrong in it."""
    return _file(downloads.marked_file(_visible(request, number)))


def _visible(request: HttpRequest, number: int) -> Upload:
    found = visible_upload(number, doors.person(request.user))
    if found is None:
        raise Http404
    return found
