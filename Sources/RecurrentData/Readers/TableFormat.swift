/// How the dates and the numbers of a table are written, where they can be read in more than one way.
public struct TableFormat: Sendable, Equatable, Codable {
  /// What stands before the decimals of a number.
  public enum DecimalMark: String, Sendable, Codable, CaseIterable {
    /// 1.5, with commas between thousands.
    case point
    /// 1,5, with points between thousands.
    case comma
  }

  /// In which order dates with slashes, points or dashes have their parts; nil where the rows are to tell.
  public var dateOrder: CalendarTime.PartOrder?
  /// What stands before decimals; nil where the rows are to tell.
  public var decimal: DecimalMark?

  /// A format.
  public init(dateOrder: CalendarTime.PartOrder? = nil, decimal: DecimalMark? = nil) {
    self.dateOrder = dateOrder
    self.decimal = decimal
  }

  /// This one, and for what it leaves open another one; nil where both leave all open.
  public func filled(from other: TableFormat?) -> TableFormat? {
    let result = TableFormat(
      dateOrder: dateOrder ?? other?.dateOrder, decimal: decimal ?? other?.decimal)
    return result == TableFormat() ? nil : result
  }
}
