"""The entry page, one indicator and its achievements, as a person meets them."""

import html
import re
from decimal import Decimal

import factories
import pytest
from django.apps import apps
from django.test import Client

from indicators.models import (
    Achievement,
    Authority,
    CheckAnswer,
    Evidence,
    Figure,
    FigurePart,
    Indicator,
    Submission,
)
from organization.models import AuditEntry, User

PAGE = "/en/offices/BR1/2016/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text(response) -> str:
    return html.unescape(response.content.decode())


def form_of(response) -> dict[str, str]:
    """What a browser would send back: every named input of the page with its value."""
    inputs = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', text(response))
    hidden = re.findall(r'name="([^"]+-(?:version|seen))" value="([^"]*)"', text(response))
    chosen = re.findall(
        r'<select name="([^"]+)".*?<option value="([^"]*)" selected', text(response), re.S
    )
    return {n: v for n, v in [*inputs, *hidden, *chosen] if n != "csrfmiddlewaretoken"}


def everything() -> dict[str, list[tuple]]:
    """All rows of all our tables."""
    labels = {"organization", "focus_areas", "indicators"}
    models = (m for m in apps.get_models() if m._meta.app_label in labels and m is not User)
    return {m.__name__: sorted(m.objects.values_list(), key=repr) for m in models}


@pytest.fixture
def number(house: factories.House) -> Indicator:
    return factories.indicator("AA1", offices=[house.branch, house.region])


@pytest.fixture
def ratio(house: factories.House) -> Indicator:
    return factories.indicator("AA2", kind="ratio", offices=[house.branch])


@pytest.fixture
def contributor(house: factories.House) -> Client:
    return signed_in(house.contributor)


class TestGrid:
    def test_shows_the_last_value_the_target_and_its_share(self, house, number, contributor):
        factories.figure(number, house.branch, "2015", "1200")
        factories.figure(number, house.branch, "2016", "1500.5")
        factories.target(number, 2016, "2000", office=house.branch)
        body = text(contributor.get(PAGE))
        assert "<span>1,200</span>" in body
        assert 'value="1,500.5"' in body
        assert "2,000" in body
        assert "<b>75 %</b>" in body.replace("\u00a0", " ")

    def test_shows_and_reads_numbers_in_the_language_of_the_page(self, house, number, contributor):
        page = PAGE.replace("/en/", "/fr/")
        response = contributor.post(page, {"AA1-value": "1 200,5", "AA1-version": "0"})
        assert response.status_code == 302
        assert Figure.objects.get().value == Decimal("1200.5")
        assert 'value="1\u202f200,5"' in text(contributor.get(page))

    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_sent_back_as_shown_changes_nothing(self, house, number, contributor, language):
        factories.figure(number, house.branch, value="-1234567.25")
        page = PAGE.replace("/en/", f"/{language}/")
        form = form_of(contributor.get(page))
        before = everything()
        assert contributor.post(page, form).status_code == 302
        del form["AA1-seen"]
        assert contributor.post(page, form).status_code == 302
        assert Figure.objects.get().value == Decimal("-1234567.25")
        assert everything()["Figure"] == before["Figure"]
        assert AuditEntry.objects.count() == 0

    def test_saves_every_kind_in_one_form(self, house, number, ratio, contributor):
        scale = factories.indicator("AA3", kind="milestone", offices=[house.branch])
        factories.option(scale, "drafted", 1)
        form = {
            "AA1-value": "0", "AA2-numerator": "8", "AA2-denominator": "10",
            "AA3-choice": "drafted",
        }
        assert contributor.post(PAGE, form).status_code == 302
        kept = {f.indicator.code: f for f in Figure.objects.select_related("indicator")}
        assert kept["AA1"].value == 0
        assert (kept["AA2"].numerator, kept["AA2"].denominator) == (8, 10)
        assert kept["AA3"].choice == "drafted"
        assert "Zero counts as a value." in text(contributor.get(PAGE))

    def test_keeps_words_in_a_number_field_and_saves_the_other_rows(
        self, house, number, ratio, contributor
    ):
        form = {"AA1-value": "about <twelve>", "AA2-numerator": "8", "AA2-denominator": "10"}
        response = contributor.post(PAGE, form)
        assert response.status_code == 422
        assert "“about <twelve>” is not a number." in text(response)
        assert 'value="about &lt;twelve&gt;"' in response.content.decode()
        assert [figure.indicator.code for figure in Figure.objects.all()] == ["AA2"]
        assert 'aria-invalid="true"' in text(response)

    def test_keeps_explanation_and_answers_that_stand_on_the_other_page(
        self, house, number, contributor
    ):
        factories.figure(number, house.branch, value="7", explanation="Two new cities.")
        form = form_of(contributor.get(PAGE)) | {"AA1-value": "8"}
        contributor.post(PAGE, form)
        assert Figure.objects.get().explanation == "Two new cities."
        assert Figure.objects.get().value == 8

    def test_shows_both_values_when_a_colleague_changed_the_row(self, house, number, contributor):
        figure = factories.figure(number, house.branch, value="7")
        form = form_of(contributor.get(PAGE)) | {"AA1-value": "8"}
        Figure.objects.update(value=9, version=2)
        response = contributor.post(PAGE, form)
        assert response.status_code == 422
        assert "It now says 9; you typed 8." in text(response)
        assert 'value="8"' in text(response)
        figure.refresh_from_db()
        assert figure.value == 9
        again = form_of(response)
        assert again["AA1-version"] == "2"
        assert contributor.post(PAGE, again).status_code == 302
        figure.refresh_from_db()
        assert figure.value == 8

    def test_leaves_a_colleagues_change_of_an_untouched_row(self, house, number, ratio, contributor):
        factories.figure(number, house.branch, value="7")
        form = form_of(contributor.get(PAGE))
        Figure.objects.update(value=9, version=2)
        form |= {"AA2-numerator": "1", "AA2-denominator": "2"}
        assert contributor.post(PAGE, form).status_code == 302
        assert Figure.objects.get(indicator=number).value == 9

    def test_says_what_is_to_answer_with_a_link(self, house, number, contributor):
        factories.figure(number, house.branch, value="7")
        body = text(contributor.get(PAGE))
        assert "No evidence is given." in body
        assert "is-check" in body
        assert "Before you submit: answer AA1." in re.sub(r"<[^>]+>", "", body)

    def test_has_no_field_for_what_is_counted_or_comes_from_a_custodian(self, house, contributor):
        factories.indicator("AB1", kind="count", offices=[house.branch])
        factories.indicator("AB2", kind="statistic", offices=[house.branch])
        factories.indicator("AB3", offices=[house.branch], frequency="biennial")
        body = text(contributor.get(PAGE))
        assert "-value" not in body
        assert "Add the first" in body
        assert "Comes from the custodian’s series" in body
        assert "Next due for 2017." in body

    def test_marks_demonstration_figures(self, house, number, contributor):
        assert "made up for demonstration" not in text(contributor.get(PAGE))
        factories.figure(number, house.branch, value="7", illustrative=True)
        assert "made up for demonstration" in text(contributor.get(PAGE))

    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_answers_in_six_languages(self, house, number, contributor, language):
        assert contributor.get(PAGE.replace("/en/", f"/{language}/")).status_code == 200

    def test_needs_the_same_number_of_queries_for_more_rows(
        self, house, number, contributor, django_assert_max_num_queries
    ):
        for code in ("AC1", "AC2", "AC3", "AC4"):
            more = factories.indicator(code, offices=[house.branch])
            factories.figure(more, house.branch, value="3")
        with django_assert_max_num_queries(22):
            contributor.get(PAGE)


class TestLockedPage:
    def test_explains_itself_and_has_no_fields(self, house, number, contributor):
        factories.figure(number, house.branch, value="7")
        row = factories.submission(house.branch, state="approved")
        body = text(contributor.get(PAGE))
        assert f"These figures were approved by {row.approved_by} on 7 January 2017." in body
        assert "Ask for a correction, with the reason." in body
        assert "AA1-value" not in body
        assert '<span class="val">7</span>' in body

    def test_keeps_what_was_typed_when_the_lock_came_meanwhile(self, house, number, contributor):
        factories.submission(house.branch, state="submitted")
        response = contributor.post(PAGE, {"AA1-value": "12", "AA1-version": "0"})
        assert response.status_code == 422
        assert "wait for approval" in text(response)
        assert 'value="12"' in text(response)
        assert not Figure.objects.exists()

    def test_says_who_closed_the_year(self, house, number, contributor):
        factories.window("2015", closed_by=house.officer)
        body = text(contributor.get("/en/offices/BR1/2015/"))
        assert "2015 was closed by Ed Officer on 10 January 2017." in body


class TestWhoMay:
    ADDRESSES = (PAGE, f"{PAGE}AA1/", f"{PAGE}AB1/achievements/")

    @pytest.fixture(autouse=True)
    def indicators(self, house, number):
        factories.indicator("AB1", kind="count", offices=[house.branch])

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_does_not_reveal_an_office_to_another(self, house, address):
        other = signed_in(house.regional)
        assert other.get(address).status_code == 404
        assert other.post(address, {"AA1-value": "1", "value": "1"}).status_code == 404
        missing = address.replace("BR1", "XX9")
        assert other.get(missing).status_code == 404

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_asks_a_stranger_to_sign_in(self, client, house, address):
        assert client.get(address)["Location"].startswith("/en/sign-in/?next=")

    @pytest.mark.parametrize("reader", ["approver", "officer", "administrator"])
    def test_shows_readers_values_without_fields(self, house, reader):
        body = text(signed_in(getattr(house, reader)).get(PAGE))
        assert "AA1-value" not in body
        assert "Save and submit" not in body

    @pytest.mark.parametrize("address", [PAGE, f"{PAGE}submit/", f"{PAGE}AA1/"])
    def test_refuses_a_reader_who_writes(self, house, address):
        client = signed_in(house.approver)
        response = client.post(address, {"AA1-value": "1", "value": "1"})
        assert response.status_code == 403
        assert not Figure.objects.exists()

    def test_knows_no_office_year_that_takes_no_figures(self, house, contributor):
        factories.period("2016-2017")
        assert contributor.get("/en/offices/BR1/2016-2017/").status_code == 404
        assert contributor.get("/en/offices/BR1/2030/").status_code == 404

    def test_changes_nothing_when_only_read(self, house, contributor):
        before = everything()
        for address in (*self.ADDRESSES, f"{PAGE}submit/", "/en/work/"):
            assert contributor.get(address).status_code in {200, 302}
        assert everything() == before

    def test_refuses_a_form_from_another_site(self, house):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(house.contributor, backend=BACKEND)
        assert strict.post(PAGE, {"AA1-value": "1"}).status_code == 403
        assert not Figure.objects.exists()


class TestSubmit:
    def test_says_in_sentences_what_is_open(self, house, number, contributor):
        response = contributor.post(f"{PAGE}submit/")
        assert response.status_code == 422
        assert "AA1 is not reported. Enter it, or say why it does not apply." in text(response)
        assert not Submission.objects.filter(state="submitted").exists()

    def test_saves_what_was_typed_and_hands_it_in(self, house, number, contributor):
        response = contributor.post(f"{PAGE}submit/", {"AA1-value": "0"})
        assert (response.status_code, response["Location"]) == (302, PAGE)
        assert Submission.objects.get().state == "submitted"
        assert Submission.objects.get().submitted_by == house.contributor

    def test_keeps_what_was_refused_and_does_not_submit(self, house, number, contributor):
        response = contributor.post(f"{PAGE}submit/", {"AA1-value": "few"})
        assert response.status_code == 422
        assert 'value="few"' in text(response)
        assert not Submission.objects.filter(state="submitted").exists()

    def test_lets_the_submitter_withdraw(self, house, number, contributor):
        contributor.post(f"{PAGE}submit/", {"AA1-value": "0"})
        assert "Withdraw the submission" in text(contributor.get(PAGE))
        contributor.post(f"{PAGE}submit/", {"withdraw": "1"})
        assert Submission.objects.get().state == "draft"


class TestRow:
    ROW = f"{PAGE}AA1/"
    EVIDENCE = f"{ROW}evidence/"

    def test_saves_parts_answers_and_explanation(self, house, number, contributor):
        number.axes.add(factories.axis("sex", "women", "men"))
        form = {
            "value": "7", "version": "0", "part:sex:women": "4", "part:sex:men": "1",
            "answer:no_evidence": "The file is with the city.", "explanation": "Slow start.",
        }
        assert contributor.post(self.ROW, form).status_code == 302
        assert sorted(FigurePart.objects.values_list("value", flat=True)) == [1, 4]
        assert CheckAnswer.objects.get().sentence == "The file is with the city."
        body = text(contributor.get(self.ROW))
        assert "Not disaggregated: 2, worked out by the system" in body
        assert "Slow start." in body

    def test_keeps_everything_typed_when_one_field_is_refused(self, house, number, contributor):
        number.axes.add(factories.axis("sex", "women"))
        form = {"value": "7", "part:sex:women": "many", "explanation": "A long story."}
        response = contributor.post(self.ROW, form)
        assert response.status_code == 422
        body = text(response)
        assert 'value="many"' in body
        assert 'value="7"' in body
        assert "A long story." in body
        assert "“many” is not a number." in body
        assert not Figure.objects.exists()

    def test_asks_for_the_reason_when_not_applicable(self, house, number, contributor):
        response = contributor.post(self.ROW, {"not_applicable": "1", "value": ""})
        assert response.status_code == 422
        assert "Say in a sentence why the figure does not apply." in text(response)
        contributor.post(self.ROW, {"not_applicable": "1", "reason": "No programme."})
        assert Figure.objects.get().reason == "No programme."
        assert "No programme." in text(contributor.get(PAGE))

    def test_shows_both_values_on_a_clash(self, house, number, contributor):
        factories.figure(number, house.branch, value="9", version=3)
        response = contributor.post(self.ROW, {"value": "8", "version": "2"})
        assert response.status_code == 422
        assert "It now says: 9." in text(response)
        assert 'value="8"' in text(response)

    def test_adds_evidence_and_keeps_it_typed_when_empty(self, house, number, contributor):
        refused = contributor.post(self.EVIDENCE, {"title": "Gazette"})
        assert refused.status_code == 422
        assert 'value="Gazette"' in text(refused)
        form = {"title": "Gazette", "link": "https://example.org/a"}
        assert contributor.post(self.EVIDENCE, form).status_code == 302
        assert 'href="https://example.org/a"' in text(contributor.get(self.ROW))

    def test_refuses_a_link_that_runs_a_script(self, house, number, contributor):
        form = {"title": "Gazette", "link": "javascript:alert(1)"}
        assert contributor.post(self.EVIDENCE, form).status_code == 422
        assert not Evidence.objects.exists()

    def test_shows_values_by_year_with_their_state(self, house, number, contributor):
        factories.figure(number, house.branch, "2014", "3")
        factories.submission(house.branch, "2014", state="approved")
        body = text(contributor.get(self.ROW))
        assert '<th scope="row">2014</th><td class="num">3</td>' in body
        assert "Approved" in body

    def test_is_not_there_for_an_indicator_of_others(self, house, contributor):
        factories.indicator("AD1", offices=[house.region])
        assert contributor.get(f"{PAGE}AD1/").status_code == 404
        assert contributor.post(f"{PAGE}AD1/", {"value": "1"}).status_code == 404


class TestAchievements:
    LIST = f"{PAGE}AB1/achievements/"
    DAY = {"achieved_on": "2016-06-30", "evidence": "Gazette 12"}

    @pytest.fixture(autouse=True)
    def count(self, house) -> Indicator:
        return factories.indicator("AB1", kind="count", offices=[house.branch])

    def test_offers_what_the_register_holds(self, house, contributor):
        town = factories.authority("Town of Ñandú")
        Authority.objects.filter(pk=town.pk).update(match_key="town of nandu")
        factories.authority("Elsewhere")
        found = text(contributor.get(self.LIST, {"q": "ÑANDU"}))
        assert "<bdi>Town of Ñandú</bdi>, local, Land XAA" in found
        assert "Elsewhere" not in found

    def test_counts_an_authority_of_the_register(self, house, contributor):
        town = factories.authority("Town")
        response = contributor.post(self.LIST, {"known": "1", "authority": town.pk, **self.DAY})
        assert response.status_code == 302
        body = text(contributor.get(self.LIST))
        assert "One authority counted to date" in body
        assert "30 June 2016" in body
        assert "Add or see the 1" in text(contributor.get(PAGE))

    def test_registers_a_new_authority(self, house, contributor):
        country = factories.country("XAB")
        form = {"register": "1", "name": "New Town", "type": "local", "country": country.pk}
        assert contributor.post(self.LIST, form | self.DAY).status_code == 302
        assert Achievement.objects.get().authority.name == "New Town"

    def test_refuses_a_duplicate_and_keeps_what_was_typed(self, house, contributor):
        town = factories.authority("town")
        form = {
            "register": "1", "name": " TOWN ", "type": "local", "country": town.country.pk,
        }
        response = contributor.post(self.LIST, form | self.DAY)
        assert response.status_code == 422
        body = text(response)
        assert "town is already in the register. Choose it from the list" in body
        assert 'value=" TOWN "' in body or 'value="TOWN"' in body
        assert "Gazette 12" in body
        assert Authority.objects.count() == 1
        assert not Achievement.objects.exists()

    def test_says_that_the_office_counts_it_already(self, house, count, contributor):
        town = factories.authority("Town")
        factories.achievement(count, town, house.branch)
        response = contributor.post(
            self.LIST, {"known": "1", "q": "Town", "authority": town.pk, **self.DAY}
        )
        assert response.status_code == 422
        assert "your office counts it already" in text(response)

    def test_refuses_a_day_outside_the_year_and_keeps_it(self, house, contributor):
        town = factories.authority("Town")
        form = {"known": "1", "q": "Town", "authority": town.pk, "evidence": "Gazette 12"}
        response = contributor.post(self.LIST, form | {"achieved_on": "2015-06-30"})
        assert response.status_code == 422
        assert "The day lies outside 2016." in text(response)
        assert 'value="2015-06-30"' in text(response)
        assert "Gazette 12" in text(response)

    def test_takes_back_while_the_year_is_open(self, house, count, contributor):
        one = factories.achievement(count, factories.authority("Town"), house.branch)
        assert "Take back" in text(contributor.get(self.LIST))
        assert contributor.post(self.LIST, {"remove": one.pk}).status_code == 302
        assert not Achievement.objects.exists()

    def test_takes_nothing_back_after_submission(self, house, count, contributor):
        one = factories.achievement(count, factories.authority("Town"), house.branch)
        factories.submission(house.branch, state="submitted")
        assert "Take back" not in text(contributor.get(self.LIST))
        assert contributor.post(self.LIST, {"remove": one.pk}).status_code == 409
        assert Achievement.objects.exists()

    @pytest.mark.parametrize("number", ["999", "x", "9" * 30, ""])
    def test_knows_no_achievement_of_others(self, house, contributor, number):
        assert contributor.post(self.LIST, {"remove": number}).status_code == 404

    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_answers_in_six_languages(self, house, contributor, language):
        address = self.LIST.replace("/en/", f"/{language}/")
        assert contributor.get(address, {"q": "a"}).status_code == 200


