"""A made-up biennial progress report with every kind of block; all of it is illustrative."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from reporting.document import (
    Annex,
    Chart,
    ChartMark,
    ChartPoint,
    Column,
    Document,
    Figure,
    FigureRef,
    Heading,
    Inline,
    LineageLine,
    Masthead,
    NoteRef,
    Paragraph,
    Progress,
    Rating,
    Row,
    Run,
    Source,
    Table,
    Text,
)
from reporting.rendering.labels import fixed_labels

NAMES = {
    "FA1": {
        "en": "Urban legislation, land and governance", "zh": "城市立法、土地和治理",
        "ar": "التشريعات الحضرية والأراضي والحوكمة", "fr": "Législation urbaine, foncier et gouvernance",
        "es": "Legislación, suelo y gobernanza urbana", "ru": "Городское законодательство, земля и управление"},
    "FA2": {
        "en": "Urban planning and design", "zh": "城市规划和设计", "ar": "التخطيط والتصميم الحضريان",
        "fr": "Planification et aménagement urbains", "es": "Planificación y diseño urbano",
        "ru": "Городское планирование и проектирование"},
    "FA3": {
        "en": "Urban economy and municipal finance", "zh": "城市经济和市级财政", "ar": "الاقتصاد الحضري ومالية البلديات",
        "fr": "Économie urbaine et finances municipales", "es": "Economía urbana y finanzas municipales",
        "ru": "Городская экономика и муниципальные финансы"},
    "FA4": {
        "en": "Urban basic services", "zh": "城市基本服务", "ar": "الخدمات الأساسية الحضرية",
        "fr": "Services urbains de base", "es": "Servicios urbanos básicos", "ru": "Базовые городские услуги"},
    "FA5": {
        "en": "Housing and slum upgrading", "zh": "住房和贫民窟改造", "ar": "الإسكان وتحسين الأحياء الفقيرة",
        "fr": "Logement et réhabilitation des bidonvilles", "es": "Vivienda y mejora de tugurios",
        "ru": "Жилье и благоустройство трущоб"},
    "FA6": {
        "en": "Risk reduction, rehabilitation and urban resilience", "zh": "减少风险、恢复和城市复原力",
        "ar": "الحد من المخاطر وإعادة التأهيل والقدرة الحضرية على الصمود",
        "fr": "Réduction des risques, relèvement et résilience urbaine",
        "es": "Reducción de riesgos, rehabilitación y resiliencia urbana",
        "ru": "Снижение рисков, восстановление и устойчивость городов"},
    "FA7": {
        "en": "Research and capacity development", "zh": "研究和能力发展", "ar": "البحوث وتنمية القدرات",
        "fr": "Recherche et renforcement des capacités", "es": "Investigación y desarrollo de capacidades",
        "ru": "Исследования и развитие потенциала"},
}  # fmt: skip
AREAS = {code: Text.working_of(**texts) for code, texts in NAMES.items()}
STATUS_WORDS = {
    "achieved": Text.working_of(en="Achieved", zh="已实现", ar="تحقق", fr="Atteint", es="Logrado", ru="Достигнуто"),
    "on_track": Text.working_of(en="On track", zh="进展顺利", ar="على المسار الصحيح", fr="En bonne voie", es="En buen camino", ru="По плану"),
    "off_track": Text.working_of(en="Off track", zh="偏离目标", ar="خارج المسار", fr="En retard", es="Con retraso", ru="Отставание"),
    "no_progress": Text.working_of(en="No progress", zh="无进展", ar="لا تقدم", fr="Aucun progrès", es="Sin avance", ru="Нет прогресса"),
    "not_rated": Text.working_of(en="Not rated", zh="未评级", ar="غير مقيَّم", fr="Non noté", es="Sin calificar", ru="Не оценено"),
}  # fmt: skip
RESULTS = {
    "FA1": (30, 47, 64, 80, "0.68", "on_track"),
    "FA2": (42, 61, 1086, 1110, "0.65", "on_track"),
    "FA3": (18, 27, 33, 60, "0.36", "off_track"),
    "FA4": (25, 44, 76, 75, "1.02", "achieved"),
    "FA5": (20, 31, 45, 56, "0.69", "on_track"),
    "FA6": (12, 12, 13, 48, "0.03", "no_progress"),
    "FA7": (35, 50, None, 90, None, "not_rated"),
}
AUTHORITIES = Text.working_of(
    en="partner authorities", zh="伙伴主管部门", ar="سلطات شريكة", fr="autorités partenaires",
    es="autoridades asociadas", ru="органы-партнеры")  # fmt: skip
OFFICES = Text.working_of(
    en="Regional Office for Africa", zh="非洲区域办事处", ar="المكتب الإقليمي لأفريقيا",
    fr="Bureau régional pour l’Afrique", es="Oficina Regional para África",
    ru="Региональное отделение для Африки")  # fmt: skip


def plain(number: int, **texts: str) -> Paragraph:
    """A paragraph of words only."""
    runs: Mapping[str, tuple[Inline, ...]] = {lang: (Run(t),) for lang, t in texts.items()}
    return Paragraph(number, runs, tuple(texts))


def sample_figures() -> dict[str, Figure]:
    figures = {}
    for code, (base, first, second, target, _ratio, _status) in RESULTS.items():
        steps = {"2013:baseline": base, "2014-2015:actual": first, "2016-2017:actual": second}
        for step, value in (steps | {"2018-2019:target": target}).items():
            key = f"{code}.1@{step}"
            figures[key] = Figure(
                key,
                None if value is None else Decimal(value),
                "not_reported" if value is None else "",
                unit=AUTHORITIES,
                illustrative=True,
                source="register",
                label=AREAS[code],
                lineage=(LineageLine(OFFICES, Decimal(3), AUTHORITIES), LineageLine(AREAS[code])),
                rule=Text.working_of(en="Distinct authorities to date", zh="迄今不重复计数的主管部门", ar="السلطات المتمايزة حتى تاريخه"),
            )  # fmt: skip
    for key, value, nothing in (
        ("slum@2014", "29.85", ""), ("slum@2016", "-1234.5", ""), ("slum@2018", None, "not_due"),
        ("slum@2019", None, "not_applicable"), ("zero@2017", "0", ""),
    ):  # fmt: skip
        figures[key] = Figure(
            key,
            None if value is None else Decimal(value),
            nothing,  # type: ignore[arg-type]
            decimals=1,
            per_cent=key != "slum@2016",
            illustrative=True,
        )
    return figures


def results_table() -> Table:
    words = Text.working_of
    rows: list[Row] = [
        Row((words(en="Normative and operational results", zh="规范性和业务成果", ar="النتائج المعيارية والتشغيلية", fr="Résultats normatifs et opérationnels", es="Resultados normativos y operacionales", ru="Нормативные и оперативные результаты"),), "group")
    ]  # fmt: skip
    for code, (*_values, ratio, status) in RESULTS.items():
        share = None if ratio is None else Decimal(ratio)
        rows.append(
            Row(
                (
                    Text.of(en=f"{code}.1", zh=f"{code}.1", ar=f"{code}.1", fr=f"{code}.1", es=f"{code}.1", ru=f"{code}.1"),
                    AREAS[code],
                    FigureRef(f"{code}.1@2013:baseline"),
                    FigureRef(f"{code}.1@2014-2015:actual"),
                    FigureRef(f"{code}.1@2016-2017:actual"),
                    FigureRef(f"{code}.1@2018-2019:target"),
                    Progress(share, Decimal("0.67"), status),  # type: ignore[arg-type]
                    Rating(status, STATUS_WORDS[status]),  # type: ignore[arg-type]
                )
            )
        )  # fmt: skip
    columns = (
        Column("code", words(en="Code", zh="编号", ar="الرمز", fr="Code", es="Código", ru="Код"), weight=2),
        Column("name", words(en="Focus area", zh="重点领域", ar="مجال التركيز", fr="Domaine d’intervention", es="Esfera prioritaria", ru="Приоритетная область"), weight=6),
        Column("base", words(en="Baseline 2013", zh="2013年基准", ar="خط الأساس 2013", fr="Base 2013", es="Base 2013", ru="Базовый 2013"), "number"),
        Column("a", Text.of(**dict.fromkeys(("en", "zh", "ar", "fr", "es", "ru"), "2015")), "number"),
        Column("b", Text.of(**dict.fromkeys(("en", "zh", "ar", "fr", "es", "ru"), "2017")), "number"),
        Column("t", words(en="Target 2019", zh="2019年目标", ar="هدف 2019", fr="Objectif 2019", es="Meta 2019", ru="Цель 2019"), "number"),
        Column("p", words(en="Progress", zh="进展", ar="التقدم", fr="Progrès", es="Avance", ru="Прогресс"), "progress"),
        Column("r", words(en="Rating", zh="评级", ar="التقييم", fr="Appréciation", es="Calificación", ru="Оценка"), "rating"),
    )  # fmt: skip
    return Table(
        1,
        words(en="Seven focus-area results: four are where they should be", zh="七个重点领域的成果：四个达到应有水平", ar="نتائج مجالات التركيز السبعة: أربعة منها حيث ينبغي أن تكون", fr="Résultats des sept domaines d’intervention : quatre sont au niveau voulu", es="Resultados de las siete esferas prioritarias: cuatro están donde deberían", ru="Результаты по семи приоритетным областям: четыре на должном уровне"),
        columns,
        tuple(rows),
        note=words(en="Number of partner authorities, to date", zh="迄今伙伴主管部门数目", ar="عدد السلطات الشريكة حتى تاريخه", fr="Nombre d’autorités partenaires, à ce jour", es="Número de autoridades asociadas, hasta la fecha", ru="Число органов-партнеров на сегодняшний день"),
        illustrative=True,
        sources=("register",),
    )  # fmt: skip


def line_chart() -> Chart:
    words = Text.working_of
    steps = ("2013", "2015", "2017", "2019")
    keys = ("FA1.1@2013:baseline", "FA1.1@2014-2015:actual", "FA1.1@2016-2017:actual", "")
    return Chart(
        1,
        "line",
        words(en="Urban legislation rises towards its target", zh="城市立法正接近目标", ar="التشريعات الحضرية ترتفع نحو الهدف", fr="La législation urbaine progresse vers sa cible"),
        words(en="Partner authorities: 30 in 2013, 47 in 2015, 64 in 2017; the target for 2019 is 80.", zh="伙伴主管部门：2013年30个，2015年47个，2017年64个；2019年目标为80个。", ar="السلطات الشريكة: 30 في 2013، و47 في 2015، و64 في 2017؛ والهدف لعام 2019 هو 80."),
        tuple(
            ChartPoint(step, Text.of(**dict.fromkeys(("en", "zh", "ar", "fr", "es", "ru"), step)), key, weak=step == "2015")
            for step, key in zip(steps, keys, strict=True)
        ),
        marks=(
            ChartMark("2019", "FA1.1@2018-2019:target", "target", words(en="80 target", zh="目标80", ar="الهدف 80")),
            ChartMark("2013", "FA1.1@2013:baseline", "baseline", words(en="baseline", zh="基准", ar="خط الأساس")),
        ),
        note=words(en="Number of partner authorities, to date", zh="迄今伙伴主管部门数目", ar="عدد السلطات الشريكة حتى تاريخه"),
        illustrative=True,
        sources=("register",),
    )  # fmt: skip


def bar_charts() -> tuple[Chart, Chart]:
    words = Text.working_of
    title = words(en="Authorities by focus area at the end of 2017", zh="2017年底按重点领域分列的主管部门", ar="السلطات حسب مجال التركيز في نهاية 2017")  # fmt: skip
    alternative = words(en="Bars by focus area: from 13 to 76 authorities.", zh="按重点领域分列的条形图：13至76个主管部门。", ar="أعمدة حسب مجال التركيز: من 13 إلى 76 سلطة.")  # fmt: skip
    codes = ("FA1", "FA3", "FA4", "FA5", "FA6")
    points = tuple(ChartPoint(c, AREAS[c], f"{c}.1@2016-2017:actual") for c in codes)
    bullets = tuple(
        ChartPoint(c, AREAS[c], f"{c}.1@2016-2017:actual", progress=Progress(Decimal(r[4] or 0), Decimal("0.67"), r[5]))  # type: ignore[arg-type]
        for c, r in RESULTS.items()
        if c != "FA7"
    )  # fmt: skip
    return (
        Chart(2, "bars", title, alternative, points, illustrative=True),
        Chart(3, "bullets", title, alternative, bullets, illustrative=True),
    )


def annex_table() -> Table:
    words = Text.working_of
    steps = ("2013:baseline", "2014-2015:actual", "2016-2017:actual", "2018-2019:target")
    codes = tuple(RESULTS)
    rows = tuple(
        Row((AREAS[code], *(FigureRef(f"{code}.1@{step}") for step in steps)))
        for _ in range(6)
        for code in codes
    )
    slums = Row((words(en="Slum share", zh="贫民窟比例", ar="نسبة الأحياء الفقيرة"),
                 *(FigureRef(f"slum@{y}") for y in (2014, 2016, 2018, 2019))))  # fmt: skip
    columns = (
        Column("name", words(en="Indicator", zh="绩效指标", ar="المؤشر", fr="Indicateur")),
        *(Column(step, Text.of(**dict.fromkeys(("en", "zh", "ar", "fr", "es", "ru"), step[:4])), "number") for step in steps),
    )  # fmt: skip
    total = Row((words(en="Total", zh="合计", ar="المجموع"), *(FigureRef(f"FA1.1@{s}") for s in steps)), "total")  # fmt: skip
    return Table(2, words(en="All indicators", zh="所有绩效指标", ar="جميع المؤشرات"), columns, (*rows, slums, total), illustrative=True)  # fmt: skip


def sentence() -> Paragraph:
    actual, base = FigureRef("FA2.1@2016-2017:actual"), FigureRef("FA2.1@2013:baseline")
    target, note = FigureRef("FA2.1@2018-2019:target"), NoteRef("register")
    return Paragraph(
        2,
        {
            "en": (Run("By the end of 2017, "), actual, Run(" partner authorities had adopted plans drawn from agreed principles, against "), base, Run(" in 2013 and a target of "), target, Run(" for 2019."), note, Run(" See "), Run("International Guidelines", "italic"), Run(". "), FigureRef("FA6.1@2016-2017:actual", "Thirteen"), Run(" were reported twice; the change was "), FigureRef("slum@2016"), Run(".")),
            "zh": (Run("到2017年底，"), actual, Run("个伙伴主管部门通过了根据商定原则制定的规划，而2013年为"), base, Run("个，2019年的目标为"), target, Run("个。"), note, Run("变化为"), FigureRef("slum@2016"), Run("。")),
            "ar": (Run("بحلول نهاية عام 2017، اعتمدت "), actual, Run(" سلطة شريكة خططا مستمدة من المبادئ المتفق عليها، مقابل "), base, Run(" في عام 2013 وهدف قدره "), target, Run(" لعام 2019."), note, Run(" انظر "), Run("International Guidelines", "italic", "en"), Run(". وكان التغير "), FigureRef("slum@2016"), Run(".")),
            "fr": (Run("À la fin de 2017, "), actual, Run(" autorités partenaires avaient adopté des plans, contre "), base, Run(" en 2013 et un objectif de "), target, Run(" pour 2019."), note),
        },
        ("ar", "fr", "zh"),
    )  # fmt: skip


def sample_document(hostile: str = "", digits: str = "western") -> Document:
    """The sample; `hostile` is set as a heading, a cell, a sentence and a source as well."""
    words = Text.working_of
    method = plain(
        1,
        en="This report sets the results of the biennium against the baselines of 2013 and the targets of 2019. A local, other subnational or national authority counts once, however many offices worked with it.",
        zh="本报告将两年期的成果与2013年的基准和2019年的目标进行比较。地方、其他国家以下和国家主管部门无论与多少办事处合作，均只计算一次。",
        ar="يقارن هذا التقرير نتائج فترة السنتين بخطوط أساس عام 2013 وأهداف عام 2019. وتُحتسب السلطة المحلية أو دون الوطنية أو الوطنية مرة واحدة، مهما كان عدد المكاتب التي عملت معها.",
        fr="Le présent rapport compare les résultats de l’exercice biennal aux données de référence de 2013 et aux objectifs de 2019.",
    )  # fmt: skip
    again = (plain(number, **{k: "".join(r.text for r in v if isinstance(r, Run)) for k, v in method.runs.items()}) for number in range(3, 9))  # fmt: skip
    blocks = (
        Heading(1, "I", words(en="Mandate and method", zh="任务和方法", ar="الولاية والمنهجية", fr="Mandat et méthode", es="Mandato y método", ru="Мандат и метод")),
        method,
        Heading(1, "II", words(en="Results by focus area", zh="按重点领域分列的成果", ar="النتائج حسب مجال التركيز", fr="Résultats par domaine", es="Resultados por esfera", ru="Результаты по областям")),
        sentence(),
        results_table(),
        Heading(2, "A", AREAS["FA1"]),
        next(again),
        line_chart(),
        next(again),
        Heading(2, "B", AREAS["FA4"]),
        next(again),
        *bar_charts(),
        *again,
        *((Heading(1, "III", words(en=hostile)), plain(9, en=hostile)) if hostile else ()),
        Annex("I", words(en="Indicator tables", zh="指标表", ar="جداول المؤشرات", fr="Tableaux des indicateurs", es="Cuadros de indicadores", ru="Таблицы показателей"), (
            Heading(2, "", words(en="Focus-area results", zh="重点领域成果", ar="نتائج مجالات التركيز")),
            annex_table(),
            *((Table(3, words(en=hostile), (Column("x", words(en=hostile)),), (Row((words(en=hostile),)),)),) if hostile else ()),
        )),
    )  # fmt: skip
    masthead = Masthead(
        organ=words(en="Governing Council of the United Nations Human Settlements Programme", zh="联合国人类住区规划署理事会", ar="مجلس إدارة برنامج الأمم المتحدة للمستوطنات البشرية", fr="Conseil d’administration du Programme des Nations Unies pour les établissements humains", es="Consejo de Administración del Programa de las Naciones Unidas para los Asentamientos Humanos", ru="Совет управляющих Программы Организации Объединенных Наций по населенным пунктам"),
        symbol="HSP/GC/27/5/Add.2",
        distribution=words(en="Distr.: General", zh="分发：普遍", ar="التوزيع: عام", fr="Distr. générale", es="Distr. general", ru="Распр.: общее"),
        date=dt.date(2018, 2, 2),
        original=words(en="Original: English", zh="原文：英文", ar="الأصل: بالإنكليزية", fr="Original : anglais", es="Original: inglés", ru="Язык оригинала: английский"),
        session=words(en="Twenty-seventh session", zh="第二十七届会议", ar="الدورة السابعة والعشرون", fr="Vingt-septième session", es="27º período de sesiones", ru="Двадцать седьмая сессия"),
        place_and_dates=words(en="Nairobi, 8–12 April 2019", zh="2019年4月8日至12日，内罗毕", ar="نيروبي، 8-12 نيسان/أبريل 2019"),
        agenda_item=words(en="Item 5 of the provisional agenda", zh="临时议程项目5", ar="البند 5 من جدول الأعمال المؤقت", fr="Point 5 de l’ordre du jour provisoire"),
        title=words(en="Implementation of the strategic plan 2014–2019: progress in 2016–2017", zh="2014-2019年战略计划的执行情况：2016-2017年的进展", ar="تنفيذ الخطة الاستراتيجية 2014-2019: التقدم المحرز في الفترة 2016-2017", fr="Exécution du plan stratégique 2014–2019 : progrès en 2016–2017", es="Ejecución del plan estratégico 2014-2019: progresos en 2016-2017", ru="Осуществление стратегического плана на 2014–2019 годы: прогресс в 2016–2017 годах"),
        author=words(en="Report of the Executive Director", zh="执行主任的报告", ar="تقرير المدير التنفيذي", fr="Rapport du Directeur exécutif", es="Informe del Director Ejecutivo", ru="Доклад Директора-исполнителя"),
        summary=(plain(0, en="Four of the seven focus areas stood where they should at the end of 2017, and one of them passed its 2019 target. Urban economy and risk reduction are behind.", zh="2017年底，七个重点领域中有四个达到应有水平，其中一个超过了2019年目标。城市经济和减少风险方面落后。", ar="في نهاية عام 2017، كانت أربعة من مجالات التركيز السبعة حيث ينبغي أن تكون، وتجاوز أحدها هدف عام 2019. ويتأخر الاقتصاد الحضري والحد من المخاطر.", fr="À la fin de 2017, quatre des sept domaines étaient au niveau voulu."),),
        illustrative=words(en="Figures, names and texts in this document are made up to show the design, except where a source is given. They are not results of UN-Habitat.", zh="本文件中的数字、名称和文字均为示例，注明来源者除外，并非人居署的成果。", ar="الأرقام والأسماء والنصوص في هذه الوثيقة توضيحية، إلا حيث يُذكر مصدر. وهي ليست نتائج موئل الأمم المتحدة.", fr="Les chiffres, noms et textes sont fictifs, sauf indication d’une source."),
        working_note=words(en="", zh="本文件为工作译文，并非正式译本。", ar="هذه ترجمة عمل وليست ترجمة رسمية.", fr="Traduction de travail, non officielle.", es="Traducción de trabajo, no oficial.", ru="Рабочий, неофициальный перевод."),
    )  # fmt: skip
    sources = {"register": Source("register", words(en="Register of partner authorities, invented for demonstration", zh="伙伴主管部门登记册（虚构）", ar="سجل السلطات الشريكة (مختلق للعرض)"), "CC0")}  # fmt: skip
    if hostile:
        sources["hostile"] = Source("hostile", words(en=hostile), hostile, hostile)
    return Document(
        kind="biennial",
        period="2016-2017",
        as_of="2018-02-02T12:00:00+00:00",
        languages=("ar", "zh", "en", "fr", "ru", "es"),
        masthead=masthead,
        blocks=blocks,
        figures=sample_figures(),
        sources=sources,
        labels=fixed_labels(),
        digits=digits,  # type: ignore[arg-type]
    )


ORIGINAL = {
    "en": "Some paragraphs are not translated yet.", "fr": "Certains paragraphes ne sont pas encore traduits.",
    "es": "Algunos párrafos aún no se han traducido.", "ru": "Некоторые пункты пока не переведены.",
    "zh": "部分段落尚未翻译。", "ar": "بعض الفقرات لم تُترجم بعد.",
}  # fmt: skip


def listed_document() -> Document:
    """The sample with subparagraphs, a paragraph in English only, evidence and approvals."""
    sample = sample_document()
    told = {"en": "Plans for {}.", "fr": "Des plans pour {}.", "es": "Planes para {}.", "ru": "Планы для {}.", "zh": "{}的规划。", "ar": "خطط لأجل {}."}  # fmt: skip
    said = {lang: text.partition("{}") for lang, text in told.items()}
    items = tuple(
        Paragraph(
            0,
            {lang: (Run(before), FigureRef(f"{code}.1@2016-2017:actual"), Run(after))
             for lang, (before, _, after) in said.items()},
            item=place,
        )
        for place, code in enumerate(("FA1", "FA3"), 1)
    )  # fmt: skip
    english = Paragraph(10, {"en": (Run("Only in English: "), FigureRef("FA2.1@2016-2017:actual"), Run("."))})  # fmt: skip
    line = LineageLine(
        OFFICES,
        Decimal("3.5"),
        AUTHORITIES,
        3,
        Text.of(en="approved by the head of the office on 2 February 2018"),
    )
    missing = LineageLine(AREAS["FA2"], None, Text.of(en="not reported"), 0)
    figures = dict(sample.figures)
    key = "FA2.1@2016-2017:actual"
    figures[key] = replace(figures[key], lineage=(line, missing))
    masthead = replace(sample.masthead, fallback_note=Text.working_of(**ORIGINAL))
    blocks = (*sample.blocks[:2], *items, english, *sample.blocks[2:])
    return replace(sample, blocks=blocks, figures=figures, masthead=masthead)


def extract_document(text: str = "Words") -> Document:
    """A data extract: two tables, each on a sheet of its own."""
    sample = sample_document()
    named = Text.of(en="Indicator", fr="Indicateur", ar="المؤشر")
    columns = (
        Column("code", Text.of(en="Code")),
        Column("name", named),
        Column("value", Text.of(en="Actual"), "number"),
        Column("share", Text.of(en="Share"), "per_cent"),
    )
    keys = (("FA2.1@2016-2017:actual", "slum@2014"), ("FA7.1@2016-2017:actual", "slum@2018"), ("slum@2016", "slum@2019"))  # fmt: skip
    rows = tuple(
        Row((Text.of(en=f"R{n}"), Text.of(en=text), FigureRef(one), FigureRef(two)))
        for n, (one, two) in enumerate(keys, 1)
    )
    accounts = (Column("code", Text.of(en="Code")), Column("account", Text.of(en="Account")))
    account = (Row((Text.of(en="EA1"), Text.of(en=text))),)
    return replace(
        sample,
        blocks=(
            Table(1, Text.of(en="Indicators"), columns, rows, key="i", sheet="Indicators"),
            Table(2, Text.of(en="Accounts"), accounts, account, key="a", sheet="Accounts"),
        ),
    )
