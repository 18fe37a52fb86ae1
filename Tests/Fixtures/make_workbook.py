"""Writes workbook.xlsx with XlsxWriter 3.3.1 (texts shared by all sheets) and workbook1904.xlsx with openpyxl 3.1.5 (texts in
their cells): numbers, dates, texts and gaps, one sheet hidden.

    python Tests/Fixtures/make_workbook.py
"""

import datetime
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

FOLDER = Path(__file__).parent
STAMP = datetime.datetime(2024, 1, 2)


def shared() -> None:
  workbook = xlsxwriter.Workbook(FOLDER / "workbook.xlsx")
  workbook.set_properties({"created": STAMP})
  moment, share = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"}), workbook.add_format({"num_format": "0.0%"})
  date, clock = workbook.add_format({"num_format": 14}), workbook.add_format({"num_format": "[$-409]h:mm AM/PM"})
  sheet = workbook.add_worksheet("Loads & more")
  sheet.write("A1", "Loads of a house")
  for column, name in enumerate(["time", "load", "share", "open", "remark"]):
    sheet.write(2, column, name)
  for hour in range(30):
    row = 3 + hour
    sheet.write_datetime(row, 0, datetime.datetime(2023, 3, 1) + datetime.timedelta(hours=hour), moment)
    if hour == 3:
      sheet.write_formula(row, 1, "=1/0", None, "#DIV/0!")
    elif hour == 4:
      sheet.write_formula(row, 1, "=B4+1", None, 5.125)
    else:
      sheet.write_number(row, 1, 1.005 + hour)
    sheet.write_number(row, 2, hour / 100, share)
    sheet.write_boolean(row, 3, hour % 2 == 0)
    if hour % 3 == 0:
      sheet.write_string(row, 4, 'a, "b"')
  sheet.write_rich_string(5, 4, "plain ", workbook.add_format({"bold": True}), "bold")
  hidden = workbook.add_worksheet("hidden")
  hidden.hide()
  hidden.write(0, 0, "secret")
  other = workbook.add_worksheet("Days")
  for column, name in enumerate(["day", "n", "clock"]):
    other.write(0, column, name)
  for day in range(1, 8):
    other.write_datetime(day, 0, datetime.datetime(1900, 2, 25) + datetime.timedelta(days=day), date)
    other.write_number(day, 1, 1000 + day)
    other.write_datetime(day, 2, datetime.time(6 + day, 30), clock)
  other.write(11, 4, "far")
  workbook.close()


def since1904() -> None:
  workbook = openpyxl.Workbook()
  workbook.properties.created = workbook.properties.modified = STAMP
  workbook.epoch = CALENDAR_MAC_1904
  workbook.active.append(["day", "n"])
  for day in range(1, 4):
    workbook.active.append([datetime.date(2020, 5, day), day])
  workbook.save(FOLDER / "workbook1904.xlsx")


if __name__ == "__main__":
  shared()
  since1904()
