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
    // a bit for each row that is used, and how many are used before each word of bits
    var words = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
    for number in numbers.values { words[Int(number) / 64] |= 1 << UInt64(number % 64) }
    var (before, count) = ([Int32](), 0)
    before.reserveCapacity(words.count)
    for word in words {
      before.append(Int32(count))
      count += word.nonzeroBitCount
    }
    guard 2 * count <= rowCount else { return nil }
    var used: [Int32] = []
    used.reserveCapacity(count)
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        used.append(Int32(64 * index + rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
    let compact = numbers.values.map { number -> Int32 in
      let (word, bit) = (Int(number) / 64, UInt64(number % 64))
      return before[word] + Int32((words[word] & (1 << bit - 1)).nonzeroBitCount)
    }
    self.init(
      ids: Indices(used), values: rows.backend.scatterAddRows(rows, Indices(compact), rowCount: count),
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
