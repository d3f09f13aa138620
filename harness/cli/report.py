"""`cmkproof report`: the report of a run, made anew from its bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.export import outside
from harness.cli.terminal import explained

if TYPE_CHECKING:
    from harness.evidence.account import Account


@explained
def report(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Directory of a run, or an archive of one.")],
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="The page for a browser.")] = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help="The workbook.")] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="The page as a PDF (extra `pdf`).")] = None,
    allure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Allure's own report as one file (needs Allure).")
    ] = None,
) -> None:
    """Write the report of a run: --html, --xlsx, --pdf, --allure; without any of these the page, named by the run."""
    from harness.evidence.account import read_account
    from harness.evidence.bundle.archive import opened

    with opened(bundle) as directory:
        account = read_account(directory)
        if not any((html, xlsx, pdf, allure)):
            html = Path(f"{account.run.id}.html")
        for target in filter(None, (html, xlsx, pdf, allure)):
            outside(target, bundle)
        _write(account, html, xlsx, pdf)
        if allure:
            from harness.evidence.allure_report import build

            build(directory, allure)
    for target in filter(None, (html, xlsx, pdf, allure)):
        typer.echo(f"wrote {target}")


def _write(account: Account, html: Path | None, xlsx: Path | None, pdf: Path | None) -> None:
    from harness.evidence.export import FORMATS
    from harness.evidence.export.pdf import pdf_of
    from harness.evidence.page import render
    from harness.evidence.writing import write_bytes

    if html:
        write_bytes(html.parent, html.name, render(account).encode())
    if xlsx:
        write_bytes(xlsx.parent, xlsx.name, FORMATS["xlsx"].render(account))
    if pdf:
        write_bytes(pdf.parent, pdf.name, pdf_of(render(account)))
