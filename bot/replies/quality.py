"""How clean the data are."""

from __future__ import annotations

from bot.replies import Button, File, Gap, Item, Line, Reply, Text, Title
from engine import Finding, Phrase, QualityReport, counted

EXAMPLES = 3  # of a finding in the chat; the list has all
NAMED = 4  # things in order; of more their number is enough
FINDINGS = 6  # above, the list comes along as a file


def quality_reply(report: QualityReport, sheet: bytes | None) -> Reply:
    """Each finding with examples, what it means and what to do; `sheet` is all of it as CSV, if it is long."""
    lines: list[Line] = [Title(_title(report)), _summary(report)]
    for finding in report.findings:
        lines += [Gap(), *_told(finding)]
    lines += [Gap(), *_in_order(report), Phrase("Nothing was changed.")]
    parts: list[Text | File] = [Text(tuple(lines), _next(report))]
    if sheet is not None:
        parts.insert(0, File("data-check.csv", sheet, (Phrase("All of it as a list."),)))
    return Reply(tuple(parts))


def is_long(report: QualityReport) -> bool:
    """Whether the chat does not show all of it."""
    shown = [len(finding.examples) for finding in report.findings]
    return len(shown) > FINDINGS or any(n > EXAMPLES for n in shown)


def _title(report: QualityReport) -> Phrase:
    if report.name is None:
        return Phrase("How clean your data are")
    return Phrase("How clean {name} is", name=report.name)


def _summary(report: QualityReport) -> Phrase:
    n_faults = sum(finding.is_fault for finding in report.findings)
    if not (report.findings or report.in_order):
        return _nothing(report)
    if not report.findings:
        return Phrase("I found nothing odd.")
    if not n_faults:
        return Phrase("Nothing needs mending; good to know:")
    return counted("{n} thing to look at.", "{n} things to look at.", n=n_faults)


def _nothing(report: QualityReport) -> Phrase:
    """Why nothing was looked at."""
    if report.name is None:
        return Phrase("There is nothing to check yet: send a file of orders or customers first.")
    return Phrase("Only orders and customers are checked, and this file brought none.")


def _in_order(report: QualityReport) -> list[Line]:
    n = len(report.in_order)
    if not n:
        return []
    if n <= NAMED:
        return [Phrase("Looked at and in order: {all}.", all=report.in_order)]
    if not report.findings:
        return [Phrase("I looked for {n} kinds of fault.", n=n)]
    return [Phrase("{n} other kinds of fault were looked for and not found.", n=n)]


def _told(finding: Finding) -> list[Line]:
    lines: list[Line] = [Title(finding.what), *(Item(example) for example in finding.examples[:EXAMPLES])]
    if len(finding.examples) > EXAMPLES:
        lines.append(Item(Phrase("and others like these")))
    lines.append(finding.means if finding.do is None else Phrase("{means} → {do}", means=finding.means, do=finding.do))
    return lines


def _next(report: QualityReport) -> tuple[tuple[Button, ...], ...]:
    business = Button(Phrase("How is business?"), "/sales")
    if report.import_id is None:
        return ((business,),)
    return ((Button(Phrase("Check the whole shop"), "/quality"), business),)
