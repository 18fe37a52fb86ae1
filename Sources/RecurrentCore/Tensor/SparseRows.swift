/// The gradient of a table of which few rows were used: these rows, and zero everywhere else.
///
/// A tensor may be made of it. It is like any other; only whoever asks for ``Tensor/sparseRows`` sees the difference, and
/// only an operation that reads every element makes the whole table.
package struct SparseRows: Sendable {
  /// `[K]`: the numbers of the rows, rising.
  package let ids: Indices
  /// `[K, F]`.
  package let values: Tensor
  /// V: rows of the table.
  package let rowCount: Int

  /// Sums of rows by number; nil where more than half of the table is used, which is better held as a whole.
  ///
  /// - Parameters:
  ///   - rows: `[N, F]`, off the tape.
  ///   - numbers: `[N]`, each in 0 ..< V.
  ///   - rowCount: V.
  package init?(summing rows: Tensor, _ numbers: Indices, rowCount: Int) {
    // the place of each row of the table among those that are used
    var places = [Int32](repeating: -1, count: rowCount)
    for number in numbers.values { places[Int(number)] = 0 }
    var used: [Int32] = []
    for (number, place) in places.enumerated() where place == 0 {
      places[number] = Int32(used.count)
      used.append(Int32(number))
    }
    guard 2 * used.count <= rowCount else { return nil }
    let compact = Indices(numbers.values.map { places[Int($0)] })
    self.init(
      ids: Indices(used), values: rows.backend.scatterAddRows(rows, compact, rowCount: used.count),
      rowCount: rowCount)
  }

  private init(ids: Indices, values: Tensor, rowCount: Int) {
    self.ids = ids
    self.values = values
    self.rowCount = rowCount
  }

  /// A table of zeros, one row as wide as a tensor of `shape`.
  fileprivate init(zeros count: Int, backend: any Backend) {
    self.init(ids: Indices([]), values: backend.filled(0, shape: [0, count]), rowCount: 1)
  }

  /// The same rows with other values. `transform` maps zero to zero.
  fileprivate func mapped(_ transform: (Tensor) -> Tensor) -> SparseRows {
    SparseRows(ids: ids, values: transform(values), rowCount: rowCount)
  }

  /// The whole table, `[V, F]`.
  package var table: Tensor { values.backend.scatterAddRows(values, ids, rowCount: rowCount) }

  /// F.
  package var width: Int { values.shape[1] }

  /// The sum of two tables of the same shape.
  fileprivate static func + (a: SparseRows, b: SparseRows) -> Tensor {
    let rows = a.values.backend.concatenate([a.values, b.values], axis: 0)
    return Tensor(
      summing: rows, Indices(a.ids.values + b.ids.values), rowCount: a.rowCount)
  }
}

extension Tensor {
  /// The table `[V, F]` that is the sum of rows by number; it keeps the rows alone where they are few and the backend
  /// knows how to use that.
  package init(summing rows: Tensor, _ numbers: Indices, rowCount: Int) {
    self =
      rows.backend.sparseRows(rows, numbers, rowCount: rowCount)
      ?? rows.backend.scatterAddRows(rows, numbers, rowCount: rowCount)
  }

  /// A tensor of `shape` that is made of rows.
  init(_ rows: SparseRows, shape: [Int]) {
    self.init(storage: TensorStorage(backend: rows.values.backend, rows: rows), shape: shape)
  }

  /// Zero everywhere, in no memory until somebody reads the elements.
  package static func zero(shape: [Int], backend: any Backend) -> Tensor {
    Tensor(SparseRows(zeros: elementCount(of: shape), backend: backend), shape: shape)
  }

  /// The rows that are not zero, where the tensor is made of them alone.
  package var sparseRows: SparseRows? {
    guard let rows = storage.rows, offset == 0, count == rows.rowCount * rows.width else { return nil }
    return rows
  }

  /// The tensor after `transform`, which works on single elements and maps zero to zero.
  package func mappingNonzero(_ transform: (Tensor) -> Tensor) -> Tensor {
    guard let rows = sparseRows else { return transform(self) }
    return Tensor(rows.mapped(transform), shape: shape)
  }

  /// Adds another gradient to this one; the result is made of rows alone where both are.
  package mutating func accumulate(_ other: Tensor) {
    switch (sparseRows, other.sparseRows) {
    case (nil, nil): backend.add(other, to: &self)
    case (nil, let rows?): backend.addRows(rows.values, rows.ids, to: &self)
    case (let rows?, nil):
      self = other
      backend.addRows(rows.values, rows.ids, to: &self)
    case (let own?, let rows?):
      if own.rowCount == rows.rowCount {
        self = (own + rows).viewed(as: shape)
      } else {
        backend.add(other, to: &self)
      }
    }
  }
}
