# SPDX-License-Identifier: Apache-2.0
"""Writes the fixtures that README.md calls made by hand, byte by byte as the programs do, and the
sources that make_libreoffice.sh lets LibreOffice export. Run it in this folder."""

import gzip
import pathlib
import unicodedata
import zipfile
from xml.sax.saxutils import escape

HEADER = ["email_address", "initial_password", "first_name", "last_name", "birthdate", "gender"]
HERE = pathlib.Path(__file__).parent
GOOD = HERE / "good"
DAMAGED = HERE / "damaged"

PEOPLE = [line.split("\t") for line in (HERE / "people.tsv").read_text("utf-8").splitlines()]
ALL = [person[:6] for person in PEOPLE]


def group(name):
    return [person[:6] for person in PEOPLE if person[6] == name]


def cell(text, delimiter, also=""):
    if any(c in text for c in delimiter + '"\r\n' + also):
        return '"' + text.replace('"', '""') + '"'
    return text


def quoted(text, _delimiter):
    return '"' + text.replace('"', '""') + '"'


def table(rows, delimiter=",", line_end="\r\n", final=True, write=cell):
    lines = [delimiter.join(write(text, delimiter) for text in row) for row in rows]
    return line_end.join(lines) + (line_end if final else "")


def clients(rows=None, **form):
    return table([HEADER] + (ALL if rows is None else rows), **form)


def put(path, data):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))


def excel_tab_cell(text, delimiter):
    # Excel's text formats put a cell with a comma in quotes although nothing needs it.
    return cell(text, delimiter, also=",")


def good_excel():
    put(GOOD / "excel_utf8_comma.csv", clients().encode("utf-8-sig"))
    put(GOOD / "excel_utf8_semicolon.csv", clients(delimiter=";").encode("utf-8-sig"))
    text = clients(delimiter="\t", write=excel_tab_cell)
    put(GOOD / "excel_unicode_text.txt", b"\xff\xfe" + text.encode("utf-16-le"))
    western, cyrillic = group("western"), group("cyrillic")
    put(GOOD / "excel_ansi_western.csv", clients(western, delimiter=";").encode("cp1252"))
    put(GOOD / "excel_ansi_cyrillic.csv", clients(cyrillic, delimiter=";").encode("cp1251"))
    put(GOOD / "excel_msdos.csv", clients(western, delimiter=";").encode("cp850"))
    put(GOOD / "excel_macintosh.csv", clients(western, line_end="\r").encode("mac_roman"))
    put(GOOD / "excel_sep_line.csv", "sep=;\r\n" + clients(delimiter=";"))
    text = "sep=|\r\n" + clients(delimiter="|")
    put(GOOD / "sep_line_utf16.csv", b"\xff\xfe" + text.encode("utf-16-le"))


def good_others():
    put(GOOD / "google_sheets.csv", clients(final=False))
    # A new Numbers table has more rows and columns than are filled in.
    padded = [row + [""] for row in [HEADER] + ALL] + [[""] * 7] * 4
    put(GOOD / "numbers.csv", table(padded, final=False))
    put(GOOD / "numbers_semicolon.csv", table(padded, delimiter=";", final=False))
    decomposed = [[unicodedata.normalize("NFD", text) for text in row] for row in ALL]
    put(GOOD / "decomposed_names.csv", clients(decomposed, line_end="\n"))
    put(GOOD / "utf16_big_endian.csv", b"\xfe\xff" + clients().encode("utf-16-be"))
    put(GOOD / "utf16_without_mark.csv", clients(line_end="\n").encode("utf-16-le"))
    put(GOOD / "koi8_r.csv", clients(group("cyrillic"), line_end="\n").encode("koi8-r"))
    put(GOOD / "carriage_returns.csv", clients(line_end="\r"))
    lines = clients(line_end="\n").split("\n")
    ends = ["\n", "\r\n", "\r"]
    mixed = [line + ends[i % 3] for i, line in enumerate(lines[:-1])]
    put(GOOD / "mixed_line_ends.csv", "".join(mixed))
    put(GOOD / "all_quoted.csv", clients(write=quoted))
    put(GOOD / "tilde.txt", clients(delimiter="~", line_end="\n"))
    names = [" Gender", "LAST_NAME", "First_Name ", "birthdate", "EMAIL_ADDRESS", HEADER[1]]
    order = [5, 3, 2, 4, 0, 1]
    rows = [names] + [[row[i] for i in order] for row in ALL]
    put(GOOD / "other_order.csv", "\n" + table(rows, line_end="\n"))


def damaged_headers():
    row = "ann.ng@practice.example,correct horse 1,Ann,Ng,19811120,F\n"
    head = ",".join(HEADER)

    def put_header(name, header, rest=row):
        put(DAMAGED / name, header + "\n" + rest)

    put_header("header_misspelt.csv", head.replace("email_address", "emial_adress"))
    put_header("header_missing.csv", head.replace("last_name,", ""))
    put_header("header_unknown.csv", head + ",shoe size")
    put_header("header_twice.csv", head + ",Gender")
    put_header("header_german.csv", "E-Mail;Passwort;Vorname;Nachname;Geburtsdatum;Geschlecht",
               row.replace(",", ";"))
    put_header("header_japanese.csv", "メールアドレス,パスワード,名,姓,生年月日,性別")
    put_header("header_below_title.csv", "Clients of our practice,,,,,\n,,,,,\n" + head)
    put_header("header_absent.csv", row.strip())
    put_header("header_one_column.csv", "email_address", "ann.ng@practice.example\n")
    put_header("header_colons.csv", head.replace(",", ":"), row.replace(",", ":"))
    put_header("header_unclosed_quote.csv", '"' + head)
    lines = (head + "\n" + row).splitlines()
    put(DAMAGED / "header_all_in_column_a.csv", "".join('"' + line + '"\n' for line in lines))
    french = head.replace("first_name", "prénom") + "\n" + row
    put(DAMAGED / "header_not_utf8.csv", french.encode("cp1252"))


def damaged_kinds():
    put(DAMAGED / "empty.csv", b"")
    put(DAMAGED / "blank_lines.csv", b"\r\n\r\n")
    put(DAMAGED / "utf16_without_mark.csv", clients().encode("utf-16-le"))
    put(DAMAGED / "utf16_big_endian_without_mark.csv", clients().encode("utf-16-be"))
    put(DAMAGED / "page.html.csv", "<!DOCTYPE html>\n<table><tr><td>email_address</table>\n")
    put(DAMAGED / "document.pdf.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    put(DAMAGED / "objects.json.csv", '[{"email_address": "ann.ng@practice.example"}]\n')
    put(DAMAGED / "contacts.vcf.csv", "BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n")
    put(DAMAGED / "clients.csv.gz", gzip.compress(clients().encode("utf-8"), mtime=0))
    put(DAMAGED / "workbook.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    put(DAMAGED / "nul_bytes.csv", b"email_address,\0\0\0initial_password\n")
    stamp = (2026, 1, 1, 0, 0, 0)
    with zipfile.ZipFile(DAMAGED / "book.numbers", "w") as archive:
        archive.writestr(zipfile.ZipInfo("Index/Document.iwa", stamp), b"\0" * 16)


def damaged_rows():
    def row(n, first="Ann", birthdate="", tail=""):
        return f"p{n}@practice.example,correct horse {n},{first},Ng,{birthdate},F{tail}\n"

    head = ",".join(HEADER) + "\n"
    dates = ["1981-11-20", "20.11.1981", "11/20/1981", "29910", "1.9811E+07", '"=""19811120"""',
             "#N/A", "########", "19810230", "20991231", "18991231", "05061990",
             "20.11.81", "5061990"]
    put(DAMAGED / "dates.csv", head + "".join(row(i, birthdate=d) for i, d in enumerate(dates, 1)))
    put(DAMAGED / "extra_cell.csv", head + row(1) + row(2, tail=",,left over") + row(3))
    comma = row(2).replace("correct horse 2", "hunter2,hunter3")
    put(DAMAGED / "password_with_comma.csv", head + row(1) + comma + row(3))
    put(DAMAGED / "unclosed_quote.csv", head + row(1) + row(2, first='"Ann') + row(3) + row(4))
    put(DAMAGED / "text_after_quote.csv", head + row(1) + row(2, first='"Ann" Lou') + row(3))
    put(DAMAGED / "line_break_in_name.csv", head + row(1, first='"Ann\nLou"') + row(2) +
        row(3, first="An\tn"))
    put(DAMAGED / "nul_in_name.csv", head + row(1) + row(2, first="An\0n") + row(3))
    lines = head + row(1) + row(2, first="Zoë") + row(3, first="René") + row(4)
    put(DAMAGED / "windows_1252_as_utf8.csv", lines.encode("cp1252"))
    undefined = lines.encode("cp1252").replace(b"Zo\xeb", b"Zo\x81")
    put(DAMAGED / "windows_1252_undefined.csv", undefined)
    units = lines.encode("utf-16-le").replace("Zoë".encode("utf-16-le"), b"Z\0o\0\x3d\xd8")
    put(DAMAGED / "utf16_half_character.csv", b"\xff\xfe" + units)
    put(DAMAGED / "utf16_cut_off.csv", b"\xff\xfe" + lines.encode("utf-16-le")[:-3])


def fods_cell(column, text, as_date):
    if as_date and column == "birthdate" and text:
        day = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        return ('<table:table-cell table:style-name="day" office:value-type="date" '
                f'office:date-value="{day}"><text:p>{day}</text:p></table:table-cell>')
    if not text:
        return "<table:table-cell/>"
    return ('<table:table-cell office:value-type="string">'
            f"<text:p>{escape(text)}</text:p></table:table-cell>")


def fods(path, rows, as_date):
    names = ["office", "style", "text", "table", "number"]
    base = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = [f'xmlns:{n}="{base}{"datastyle" if n == "number" else n}:1.0"' for n in names]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<office:document {" ".join(spaces)} office:version="1.2"',
        '  office:mimetype="application/vnd.oasis.opendocument.spreadsheet">',
        '<office:automatic-styles><number:date-style style:name="date"',
        '  number:automatic-order="true" number:format-source="language">',
        "<number:day/><number:text>.</number:text><number:month/><number:text>.</number:text>",
        '<number:year number:style="long"/></number:date-style>',
        '<style:style style:name="day" style:family="table-cell" style:data-style-name="date"/>',
        "</office:automatic-styles>",
        '<office:body><office:spreadsheet><table:table table:name="Clients">',
    ]
    for row in [HEADER] + rows:
        cells = "".join(fods_cell(c, t, as_date and row != HEADER) for c, t in zip(HEADER, row))
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    lines.append("</table:table></office:spreadsheet></office:body></office:document>\n")
    put(path, "\n".join(lines))


if __name__ == "__main__":
    good_excel()
    good_others()
    damaged_headers()
    damaged_kinds()
    damaged_rows()
    for as_date in (False, True):
        suffix = "_dates" if as_date else ""
        fods(HERE / "libreoffice" / f"clients{suffix}.fods", ALL, as_date)
        fods(HERE / "libreoffice" / f"western{suffix}.fods", group("western"), as_date)
