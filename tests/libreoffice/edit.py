"""Opens a workbook in LibreOffice, does what a person would, and saves it as a workbook for Excel.

    python3 edit.py IN.xlsx OUT.xlsx EDITS.json

EDITS.json is a list of steps: {"sheet", "row": {title: value}, "set": {title: value}} finds a row by what stands in its
columns and sets others; {"sheet", "sort": title} sorts the rows; {"sheet", "insert": n} and {"sheet", "delete": {...}}
insert and delete rows; {"sheet", "hide": {...}} hides one; {"sheet", "rename": name} and {"sheet", "move": n} do so to
the sheet. A value that begins with "date:" is typed as a date, one with "formula:" as a formula.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time
import uuid

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.table import TableSortField


def prop(name, value):
    result = PropertyValue()
    result.Name, result.Value = name, value
    return result


def heads(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.RangeAddress.EndColumn
    return {sheet.getCellByPosition(column, 0).String: column for column in range(last + 1)}


def last_row(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    return cursor.RangeAddress.EndRow


def find(sheet, wanted):
    columns = heads(sheet)
    for row in range(1, last_row(sheet) + 1):
        if all(sheet.getCellByPosition(columns[title], row).String == value for title, value in wanted.items()):
            return row
    raise SystemExit(f"{sheet.Name} has no row with {wanted}")


def put(cell, value):
    if isinstance(value, bool) or isinstance(value, (int, float)):
        cell.Value = value
    elif value.startswith("date:"):
        # As typed by a person: LibreOffice makes a date of it.
        cell.FormulaLocal = value.removeprefix("date:")
    elif value.startswith("formula:"):
        cell.Formula = value.removeprefix("formula:")
    else:
        cell.String = value


def step(document, edit):
    sheet = document.Sheets.getByName(edit["sheet"])
    # Nothing needs a password; sorting and inserting rows need the sheet unlocked.
    if any(key in edit for key in ("sort", "insert", "delete")):
        sheet.unprotect("")
    if "set" in edit:
        row = find(sheet, edit["row"])
        columns = heads(sheet)
        for title, value in edit["set"].items():
            put(sheet.getCellByPosition(columns[title], row), value)
    if "sort" in edit:
        field = TableSortField()
        field.Field, field.IsAscending = heads(sheet)[edit["sort"]], False
        area = sheet.getCellRangeByPosition(0, 0, max(heads(sheet).values()), last_row(sheet))
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        area.sort((prop("SortFields", fields), prop("ContainsHeader", True)))
    if "insert" in edit:
        sheet.Rows.insertByIndex(0, edit["insert"])
        sheet.getCellByPosition(0, 0).String = "Reviewed in the weekly meeting"
    if "delete" in edit:
        sheet.Rows.removeByIndex(find(sheet, edit["delete"]), 1)
    if "hide" in edit:
        sheet.Rows.getByIndex(find(sheet, edit["hide"])).IsVisible = False
    if "rename" in edit:
        sheet.Name = edit["rename"]
    if "move" in edit:
        document.Sheets.moveByName(sheet.Name, edit["move"])


def connect(pipe, office):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if office.poll() is not None:
                raise SystemExit(f"LibreOffice ended with {office.returncode}")
            time.sleep(0.1)
    raise SystemExit("LibreOffice did not start within a minute")


def main():
    source, target, edits = (pathlib.Path(name).resolve() for name in sys.argv[1:4])
    pipe = f"sonae-{uuid.uuid4().hex}"
    with tempfile.TemporaryDirectory() as profile:
        office = subprocess.Popen(
            [
                "soffice",
                "--headless",
                "--norestore",
                "--nolockcheck",
                f"-env:UserInstallation=file://{profile}",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            context = connect(pipe, office)
            desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            document = desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, (prop("Hidden", True),))
            for edit in json.loads(edits.read_text()):
                step(document, edit)
            document.storeToURL(target.as_uri(), (prop("FilterName", "Calc MS Excel 2007 XML"),))
            document.close(True)
            desktop.terminate()
            office.wait(60)
        finally:
            if office.poll() is None:
                office.kill()


main()
