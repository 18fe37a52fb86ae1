import RecurrentFormats

extension NumericSeries {
  /// All columns of numbers of a table, one row a step.
  init(table: RecordTable) throws {
    let places = table.columns.indices.filter { table.isNumeric($0) }
    guard !places.isEmpty else {
      throw DataError.malformed(
        path: table.path, place: .line(2), expected: "at least one column of numbers", found: "none")
    }
    var values: [Float] = []
    try table.forEachRow { (row, fields) throws(DataError) in
      try table.append(fields, places, row: row, to: &values)
    }
    self.init(channels: places.map { table.columns[$0] }, values: values)
  }

  /// An array of NumPy `[steps]` or `[steps, channels]`.
  init(array file: DataBytes) throws {
    let array = try NPYFile(bytes: file.withBytes { Array($0) }, path: file.path).array
    guard array.shape.count == 1 || array.shape.count == 2, array.shape.allSatisfy({ $0 > 0 }) else {
      throw DataError.malformed(
        path: file.path, place: .byte(0),
        expected: "an array [steps] or [steps, channels] with numbers in it",
        found: "the shape \(array.shape)")
    }
    let width = array.shape.count == 2 ? array.shape[1] : 1
    self.init(channels: (0..<width).map { "\($0 + 1)" }, values: try array.floats(convertsIntegers: true))
  }
}

extension RecordTable {
  /// Appends the numbers in some columns of a row, NaN where one is missing.
  func append(
    _ fields: [String], _ columns: [Int], row: Int, to values: inout [Float]
  ) throws(DataError) {
    for column in columns {
      values.append(try number(fields[column], row: row, column: column).map { Float($0) } ?? .nan)
    }
  }
}
