/// The times of the rows of a table, in seconds: of numbers, dates, or numbers that count on a day from the beginning of a session.
struct InteractionClock {
  private let table: RecordTable
  private let time: Int
  private let dates: DateColumn?
  private let day: (column: Int, dates: DateColumn)?
  /// Seconds of a unit of the numbers.
  private let unit: Double

  /// Nil without a column of times.
  ///
  /// - Throws: ``DataError`` where a row has neither a number nor a date.
  init?(_ table: RecordTable, time: Int?, date: Int?) throws {
    guard let time else { return nil }
    (self.table, self.time) = (table, time)
    if table.isNumeric(time) {
      dates = nil
    } else {
      guard let found = try table.dates(time) else {
        let row = try (0..<table.count).first { row in
          let text = try table.row(row)[time].trimmingBlanks
          return Double(text) == nil && CalendarTime(text) == nil
        }
        throw table.malformed(
          row ?? 0, time, "a number or a date", "\"\(try table.row(row ?? 0)[time].prefix(40))\"")
      }
      dates = found
    }
    if let date {
      guard let found = try table.dates(date) else {
        throw table.malformed(0, date, "a date", "\"\(try table.row(0)[date].prefix(40))\"")
      }
      day = (date, found)
    } else {
      day = nil
    }
    let first = try dates == nil ? table.number(table.row(0)[time], row: 0, column: time) ?? 0 : 0
    unit =
      InteractionColumns.countsFromBeginning(table.columns[time]) ? 1e-3 : InteractionClock.unit(of: first)
  }

  /// Seconds of the unit of a time that is a number: those of this century have ten digits.
  static func unit(of number: Double) -> Double {
    switch abs(number) {
    case 1e17...: 1e-9
    case 1e14...: 1e-6
    case 1e11...: 1e-3
    default: 1
    }
  }

  /// The time of a row.
  ///
  /// - Throws: ``DataError`` where there is none.
  func seconds(_ fields: [String], row: Int) throws(DataError) -> Double {
    let text = fields[time].trimmingBlanks
    var seconds: Double
    if let dates {
      guard let moment = CalendarTime(text, order: dates.order) else {
        throw table.malformed(row, time, "a date", "\"\(text.prefix(40))\"")
      }
      seconds = moment.seconds
    } else {
      guard let number = try table.number(text, row: row, column: time), number.isFinite else {
        throw table.malformed(row, time, "a time", text.isEmpty ? "nothing" : "\"\(text.prefix(40))\"")
      }
      seconds = number * unit
    }
    if let day {
      let text = fields[day.column].trimmingBlanks
      guard let moment = CalendarTime(text, order: day.dates.order) else {
        throw table.malformed(row, day.column, "a date", "\"\(text.prefix(40))\"")
      }
      seconds += moment.seconds
    }
    return seconds
  }
}
