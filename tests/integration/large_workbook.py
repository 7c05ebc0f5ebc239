"""A workbook of any size, written row by row as spreadsheet programs do: dates as serial numbers, texts in place."""

import datetime
import random
import zipfile

HEADER = ("child", "opened", "closed", "source", "reason", "notes")
SOURCES = ("1A", "1C", "2A", "3A", "5D", "6")
REASONS = ("outcomes_met", "step_up", "disengaged", "nfa")
# How to read it; of a workbook, or of its rows as CSV.
SOURCE = """[[source]]
format = "event-log"
path = "{path}"
covered_from = 2015-01-01
extract_date = 2025-12-31
[source.mapping]
shape = "episodes"
level = "early_help"
person = "child"
start = "opened"
end = "closed"
source = "source"
end_reason = "reason"
"""
_CONTENT = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>')
_RELATIONS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>')
_RELATION = ('<Relationship Id="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
             'Target="{}"/>')
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PARTS = {
    "[Content_Types].xml": _CONTENT,
    "_rels/.rels": _RELATIONS.format(_RELATION.format("r1", "officeDocument", "xl/workbook.xml")),
    "xl/_rels/workbook.xml.rels": _RELATIONS.format(_RELATION.format("r1", "worksheet", "worksheets/sheet1.xml") +
                                                    _RELATION.format("r2", "styles", "styles.xml")),
    "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
                       '<sheets><sheet name="Cases" sheetId="1" r:id="r1"/></sheets></workbook>',
    # Style 1 shows a day.
    "xl/styles.xml": f'<styleSheet {_MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}
_EPOCH = datetime.date(1899, 12, 30).toordinal()


def rows(count, seed, note_bytes):
    """(child, first day, last day or None, source, reason, notes), days as ordinals."""
    draw, notes = random.Random(seed), random.Random(seed)
    first = datetime.date(2015, 1, 1).toordinal()
    for _ in range(count):
        opened = first + draw.randrange(3900)
        closed = opened + draw.randrange(300) if draw.random() < 0.9 else None
        if closed is not None and closed > first + 3990:
            closed = None
        yield (f"C{draw.randrange(count // 2 + 1):07d}", opened, closed, draw.choice(SOURCES),
               draw.choice(REASONS) if closed else "", notes.randbytes(note_bytes).hex())


def _text(column, number, value):
    return f'<c r="{column}{number}" t="inlineStr"><is><t>{value}</t></is></c>'


def _cells(number, row):
    child, opened, closed, source, reason, notes = row
    day = lambda column, value: f'<c r="{column}{number}" s="1"/>' if value is None else (
        f'<c r="{column}{number}" s="1"><v>{value - _EPOCH}</v></c>')
    return (_text("A", number, child) + day("B", opened) + day("C", closed) + _text("D", number, source) +
            (_text("E", number, reason) if reason else "") + _text("F", number, notes))


def write_workbook(path, count, seed=1, note_bytes=0, empty_rows=0, made=None):
    """`made`: these rows, in place of those of the seed. `empty_rows` of them, styled and without a value, stand below the last row, as where somebody formatted columns."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            head = "".join(_text(column, 1, name) for column, name in zip("ABCDEF", HEADER))
            sheet.write(f'<worksheet {_MAIN}><sheetData><row r="1">{head}</row>'.encode())
            piece = []
            for number, row in enumerate(made or rows(count, seed, note_bytes), 2):
                piece.append(f'<row r="{number}">{_cells(number, row)}</row>')
                if len(piece) == 5000:
                    sheet.write("".join(piece).encode())
                    piece = []
            sheet.write("".join(piece).encode())
            for number in range(count + 2, count + 2 + empty_rows):
                sheet.write(f'<row r="{number}"><c r="A{number}" s="1"/><c r="B{number}" s="1"/></row>'.encode())
            sheet.write(b"</sheetData></worksheet>")


def write_csv(path, count, seed=1, note_bytes=0):
    """The same rows."""
    day = lambda value: "" if value is None else datetime.date.fromordinal(value).isoformat()
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(HEADER) + "\n")
        for child, opened, closed, source, reason, notes in rows(count, seed, note_bytes):
            file.write(f"{child},{day(opened)},{day(closed)},{source},{reason},{notes}\n")
