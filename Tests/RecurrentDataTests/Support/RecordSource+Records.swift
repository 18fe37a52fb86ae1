import RecurrentData

extension RecordSource {
  /// All records.
  func records() throws -> [Record] { try (0..<count).map { try record($0) } }
}
