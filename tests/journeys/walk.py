"""Who visits which page, and what a page must be like whoever visits it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LANGUAGES = {"en": "ltr", "ar": "rtl"}
WIDTHS = (320, 360, 1280)
# The width at which axe reads the page, so that both the wide and the folded page are read.
READ_AT = {"en": 1280, "ar": 360}
ISSUED = "reports/biennial-progress-2016-2017/"
LATER = "reports/biennial-progress-2018-2019/"
MISSING = "results/FA9/"
EVALUATION = "2-2017"
TO_VERIFY = "1-2015-3"
ANSWERED = "2-2017-7"
UNDER_WAY = "resilience-2018"
PUBLIC = (
    "", "results/", "results/FA2/", "results/FA2.1/", "results/SR.a/", "results/SR.a/arithmetic/",
    "results/FA2.1/arithmetic/", "results/FA2.1/history/", "plan/", "plan/wordings/SR.result/",
    "reports/", ISSUED, "about/figures/",
    "evaluations/", "evaluations/?q=plan", f"evaluations/{EVALUATION}/", "recommendations/",
    "recommendations/?on=2018-02-02", "recommendations/?view=committee",
    "recommendations/?q=nothing+has+these+words", f"recommendations/{TO_VERIFY}/",
    "evaluation-plan/", "evaluation-plan/2018-2019/versions/1/", "lessons/", "lessons/1/",
    "sign-in/",
)  # fmt: skip
# What the role in the name of each list sees besides, or otherwise than the public.
SIGNED_IN = {
    "roap.enter": (
        "work/", "offices/ROAP/2017/", "offices/ROAP/2017/EA3.a.1/", "offices/ROAP/2017/EA2.b.1/",
        "evidence/", "offices/ROAP/2017/EA3.a.1/evidence/",
        "offices/ROAP/2017/FA2.1/achievements/",
        "offices/ROAP/2017/FA2.1/achievements/?q=municipality", "authorities/", "offices/ROAP/2016/", "results/FA2.1/",
        "account/", "uploads/new/", "uploads/new/?kind=figures&office=ROAP&period=2017",
    ),
    "urcdb.approve": ("work/", "submissions/", "offices/URCDB/2017/preview/", "offices/URCDB/2017/"),
    "qa": ("work/", "overview/", "submissions/", "periods/", "periods/2017/", LATER,
        f"{LATER}readiness/", "work/?all=1",
        "queries/", "corrections/", "offices/UEB/2017/EA3.a.1/history/",
        "offices/UEB/2017/EA3.a.1/queries/", "offices/UEB/2017/EA3.a.1/correct/",
        "offices/UPDB/2017/FA2.1/correct/?q=invented", "offices/UPDB/2017/FA2.1/history/",
        "authorities/?q=invented", "authorities/?show=duplicates", "authorities/1/?with=province",
        "uploads/new/?kind=targets"),
    "editor": ("work/", "overview/", "reports/", LATER),
    "manager": ("work/", "overview/", "overview/?office=ROAP", "results/",
        "recommendations/?view=management", f"recommendations/{ANSWERED}/",
        f"recommendations/{ANSWERED}/answer/", f"recommendations/{ANSWERED}/actions/new/",
        f"recommendations/{ANSWERED}/actions/1/due/", f"evaluations/{EVALUATION}/response/"),
    "evaluation": ("work/", "evaluations/", "evaluations/new/", f"evaluations/{UNDER_WAY}/",
        f"evaluations/{UNDER_WAY}/edit/", f"evaluations/{UNDER_WAY}/edit/?in=fr",
        f"evaluations/{EVALUATION}/edit/",
        f"evaluations/{EVALUATION}/recommendations/new/", "recommendations/?view=management",
        f"recommendations/{TO_VERIFY}/", f"recommendations/{TO_VERIFY}/links/",
        *(f"recommendations/{TO_VERIFY}/actions/1/{step}/"
            for step in ("verify", "return", "overtake", "reopen")),
        "recommendations/lists/", "evaluation-plan/", "evaluation-plan/2018-2019/approve/",
        "evaluation-plan/coverage/", "evaluation-plan/coverage/?office=PD",
        "evaluation-plan/projects/", "evaluation-plan/projects/new/",
        "evaluation-plan/projects/demo-land-records/",
        "evaluation-plan/projects/demo-land-records/change/", "lessons/", "lessons/new/",
        "lessons/1/", "lessons/1/change/"),
    "urcdb.enter": ("work/", f"recommendations/{ANSWERED}/",
        *(f"recommendations/{ANSWERED}/actions/1/{step}/"
            for step in ("report", "propose", "evidence")),
        "lessons/offered/?office=URCDB&indicator=FA7.1", "lessons/new/"),
    "committee": ("work/", "reports/", "evaluations/", "recommendations/?view=committee"),
    "administrator": ("work/", "results/"),
}  # fmt: skip


def faults(page: Page, language: str) -> list[str]:
    """What is wrong with the page that stands open: direction, headings, width, accessibility."""
    found = []
    direction = page.locator("html").get_attribute("dir")
    if direction != LANGUAGES[language]:
        found.append(f"runs {direction}")
    headings = page.locator("h1").count()
    if headings != 1:
        found.append(f"has {headings} first headings")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ):
            found.append(f"scrolls sideways at {width}")
        if width == READ_AT[language]:
            violations = Axe().run(page).response["violations"]
            found += [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in violations]
    return found
