import CRecurrent
import CRecurrentKernels
import Recurrent
import RecurrentCore

/// Which rows are read in which order, and where they stand in the caller's memory.
final class Plan: Sendable {
  /// In the order of the kernels.
  let plan: SequencePlan
  /// Rows of memory between the steps of a sequence, and between sequences.
  let stepStride, rowStride: Int
  private let first: [Int64]
  private let stride: Int64
  private let lengths: [Int]?

  init(
    steps: Int, rows: Int, lengths: [Int]?, resets: [Bool]?, direction: SequenceDirection, stepStride: Int,
    rowStride: Int
  ) {
    let plan = SequencePlan(
      stepCount: steps, batchSize: rows, lengths: lengths, resets: resets, direction: direction)
    self.plan = plan
    self.lengths = lengths
    (self.stepStride, self.rowStride) = (stepStride, rowStride)
    first = plan.first.map { Int64((Int($0) / rows) * stepStride + (Int($0) % rows) * rowStride) }
    stride = Int64(direction == .forward ? stepStride : -stepStride)
  }

  /// T and B.
  var steps: Int { plan.stepCount }
  var rows: Int { plan.batchSize }

  /// Calls `body` with the kernels' form.
  func withWalk<R>(_ body: (rk_walk) -> R) -> R {
    first.withUnsafeBufferPointer { first in
      plan.alive.withUnsafeBufferPointer { alive in
        plan.offset.withUnsafeBufferPointer { offset in
          body(
            rk_walk(
              segments: Int64(plan.segmentCount), steps: Int64(alive.count), slots: Int64(plan.slotCount),
              first: first.baseAddress, stride: stride, alive: alive.baseAddress, offset: offset.baseAddress))
        }
      }
    }
  }

  /// Writes zeros to the steps beyond the lengths.
  func clearBeyond(_ memory: UnsafeMutablePointer<Float>, width: Int) {
    guard let lengths else { return }
    for (row, length) in lengths.enumerated() {
      for step in length..<max(length, steps) {
        (memory + (step * stepStride + row * rowStride) * width).update(repeating: 0, count: width)
      }
    }
  }

  // MARK: States

  /// The state before each segment, `[S, width]`, from that of each row or zeros.
  func gather(_ rows: UnsafePointer<Float>?, _ width: Int, to segments: UnsafeMutablePointer<Float>) {
    for (segment, row) in plan.rowOfSegment.enumerated() {
      let place = segments + segment * width
      if let rows, plan.continuesState[segment] {
        place.update(from: rows + row * width, count: width)
      } else {
        place.update(repeating: 0, count: width)
      }
    }
  }

  /// Factors of each segment, `[S, width]`, from those of each row.
  func spread(_ rows: UnsafePointer<Float>, _ width: Int, to segments: UnsafeMutablePointer<Float>) {
    for (segment, row) in plan.rowOfSegment.enumerated() {
      (segments + segment * width).update(from: rows + row * width, count: width)
    }
  }

  /// The state behind each row from that behind each segment.
  func scatterLast(
    _ segments: UnsafePointer<Float>, _ width: Int, to rows: UnsafeMutablePointer<Float>
  ) {
    for (row, segment) in plan.lastSegmentOfRow.enumerated() {
      (rows + row * width).update(from: segments + segment * width, count: width)
    }
  }

  /// The gradients of the state behind each segment, `[S, width]`: zero but for the last one of a row.
  func gatherLast(
    _ rows: UnsafePointer<Float>?, _ width: Int, to segments: UnsafeMutablePointer<Float>
  ) {
    segments.update(repeating: 0, count: plan.segmentCount * width)
    guard let rows else { return }
    for (row, segment) in plan.lastSegmentOfRow.enumerated() {
      (segments + segment * width).update(from: rows + row * width, count: width)
    }
  }

  /// The gradients of the state before each row, from those of the segments that go on from it.
  func scatterFirst(
    _ segments: UnsafePointer<Float>, _ width: Int, to rows: UnsafeMutablePointer<Float>
  ) {
    rows.update(repeating: 0, count: self.rows * width)
    for (segment, row) in plan.rowOfSegment.enumerated() where plan.continuesState[segment] {
      (rows + row * width).update(from: segments + segment * width, count: width)
    }
  }
}

/// A plan: `rec_plan_new` of the header.
@_cdecl("rec_plan_new")
public func recPlanNew(
  _ steps: Int64, _ rows: Int64, _ lengths: UnsafePointer<Int64>?, _ resets: UnsafePointer<UInt8>?,
  _ backward: Int32, _ stepStride: Int64, _ rowStride: Int64, _ error: UnsafeMutablePointer<rec_error>?
) -> OpaquePointer? {
  attempt(error) {
    let (steps, rows) = (try count(steps, "steps"), try count(rows, "rows"))
    let (stepStride, rowStride) = (try count(stepStride, "step_stride"), try count(rowStride, "row_stride"))
    guard
      try product(rows, rowStride) <= stepStride || product(steps, stepStride) <= rowStride
        || steps == 1 || rows == 1
    else {
      throw CallError.argument(
        "step_stride is \(stepStride) and row_stride \(rowStride): of \(steps) steps of \(rows) rows some would "
          + "stand in one place")
    }
    let size = try product(steps, rows)
    return Handle.retained(
      Plan(
        steps: steps, rows: rows, lengths: try rowLengths(lengths, steps: steps, rows: rows),
        resets: resets.map { resets in (0..<size).map { resets[$0] != 0 } },
        direction: backward == 0 ? .forward : .backward, stepStride: stepStride, rowStride: rowStride))
  }
}

/// Frees a plan: `rec_plan_free` of the header.
@_cdecl("rec_plan_free")
public func recPlanFree(_ plan: OpaquePointer?) { Handle.release(plan, Plan.self) }
