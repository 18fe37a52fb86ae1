extension CalendarTime {
  /// The moments that a text may mean, by the order of its parts; empty where it is no date.
  static func readings(_ text: String) -> [(order: PartOrder, time: CalendarTime)] {
    PartOrder.allCases.compactMap { order in CalendarTime(text, order: order).map { (order, $0) } }
  }

  /// The orders in which every text of a column is a date; empty where they fit none.
  public static func orders(of texts: some Sequence<String>) -> [PartOrder] {
    var left: [PartOrder] = [.dayMonthYear, .monthDayYear, .yearMonthDay]
    for text in texts { left.removeAll { CalendarTime(text, order: $0) == nil } }
    return left
  }

  /// Whether a text begins with a year of four digits, so that its order is no question.
  static func beginsWithYear(_ text: String) -> Bool {
    let digits = text.utf8.drop { $0 == 0x20 }.prefix(5)
    return digits.count >= 4 && digits.prefix(4).allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The only moment that a text can mean; nil where it is no date, or more than one.
  ///
  /// - Parameter order: in which dates were read before; nil where that was no question.
  public static func certain(_ text: String, order: PartOrder?) -> CalendarTime? {
    if let order { return CalendarTime(text, order: order) }
    let readings = readings(text)
    return readings.allSatisfy { $0.time == readings[0].time } ? readings.first?.time : nil
  }
}
