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

  /// The only moment that a text can mean, by the clock that it shows; nil where it is no date, or more than one.
  ///
  /// - Parameter order: in which dates were read before; nil where that was no question.
  public static func certain(_ text: String, order: PartOrder?) -> CalendarTime? {
    func moment(_ order: PartOrder) -> CalendarTime? {
      WrittenTime(text, order: order).map { CalendarTime(seconds: $0.wall) }
    }
    if let order { return moment(order) }
    let readings = PartOrder.allCases.compactMap(moment)
    return readings.allSatisfy { $0 == readings[0] } ? readings.first : nil
  }
}
