import CRecurrentKernels

/// Rows that come and go: a step of the first n of B rows. Rows do not depend on each other, so that each has the bits that it
/// has among B, or alone.
extension CPUStepEngine {
  /// Numbers of the state of one row.
  var rowStateCount: Int? {
    layout.places.reduce(0) { $0 + ($1.hiddenCount + $1.cellCount) / layout.batchSize }
  }

  /// Lets the next steps read the first rows alone.
  mutating func setRowCount(_ count: Int) {
    trapUnless(
      (1...layout.batchSize).contains(count),
      "StepEngine: expected 1 to \(layout.batchSize) rows, received \(count)")
    guard count != rowCount else { return }
    makeUnique()
    rowCount = count
    integers(at: layout.alive)[0] = Int64(count)
    for index in stages.indices {
      arguments[index].cell.walk.segments = Int64(count)
      arguments[index].cell.walk.slots = Int64(count)
      arguments[index].product.m = Int64(count)
    }
  }

  /// Copies the state of a row.
  func copyRowState(_ row: Int, to target: UnsafeMutablePointer<Float>) {
    checkRow(row)
    var target = target
    for (index, place) in layout.places.enumerated() {
      let cell = arguments[index].cell
      let (hidden, memory) = (place.hiddenCount / layout.batchSize, place.cellCount / layout.batchSize)
      if hidden > 0 { target.update(from: cell.h0 + row * hidden, count: hidden) }
      target += hidden
      if memory > 0 { target.update(from: cell.c0 + row * memory, count: memory) }
      target += memory
    }
  }

  /// Goes on with a row from a state that was copied.
  mutating func setRowState(_ row: Int, from source: UnsafePointer<Float>) {
    checkRow(row)
    makeUnique()
    var source = source
    for (index, place) in layout.places.enumerated() {
      let cell = arguments[index].cell
      let (hidden, memory) = (place.hiddenCount / layout.batchSize, place.cellCount / layout.batchSize)
      if hidden > 0 {
        UnsafeMutablePointer(mutating: cell.h0 + row * hidden).update(from: source, count: hidden)
      }
      source += hidden
      if memory > 0 {
        UnsafeMutablePointer(mutating: cell.c0 + row * memory).update(from: source, count: memory)
      }
      source += memory
    }
  }

  private func checkRow(_ row: Int) {
    trapUnless(
      (0..<layout.batchSize).contains(row), "StepEngine: row \(row) is outside 0 ..< \(layout.batchSize)")
  }
}
