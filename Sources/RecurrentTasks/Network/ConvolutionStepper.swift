/// A causal convolution over time with normalisation and max(x, 0), step by step for B rows, in memory of its own.
struct ConvolutionStepper: Sendable {
  /// W: numbers of a step.
  let inputSize: Int
  /// Numbers of the window of a row: the steps that the convolution sees, the last one behind.
  let windowSize: Int
  private let stride: Int
  private let norm: LayerNorm
  private var product: LinearStepper
  /// `[B, K * W]`.
  private var windows: [Float]
  /// Steps behind its own that it sees.
  let lookahead: Int
  /// For each row how many steps it has read since it last gave something out; below 0 how many it waits for before the first one.
  private(set) var phases: [Int]
  /// What was given out last, `[B, O]`.
  private(set) var output: [Float]
  private var scratch: [Float]
  /// The rows that the product reads: the first ones.
  private var rowCount: Int

  init(_ convolution: Convolution1D, _ norm: LayerNorm, rowCount: Int) {
    windowSize = convolution.weight.shape[1]
    inputSize = windowSize / convolution.width
    (stride, lookahead) = (convolution.stride, convolution.lookahead)
    self.norm = norm
    product = LinearStepper(weight: convolution.weight, bias: convolution.bias, batchSize: rowCount)
    windows = [Float](repeating: 0, count: rowCount * windowSize)
    self.rowCount = rowCount
    phases = [Int](repeating: -convolution.lookahead, count: rowCount)
    let width = convolution.weight.shape[0]
    output = [Float](repeating: 0, count: rowCount * width)
    scratch = [Float](repeating: 0, count: width + 1)
  }

  /// Reads a step `[B, W]` of the rows that have one; those that a stride passes over have none for what follows.
  mutating func step(_ input: [Float], _ isActive: inout [Bool]) {
    let rows = phases.count
    for row in 0..<rows where isActive[row] {
      let end = (row + 1) * windowSize
      for place in row * windowSize..<end - inputSize { windows[place] = windows[place + inputSize] }
      for place in 0..<inputSize { windows[end - inputSize + place] = input[row * inputSize + place] }
      isActive[row] = phases[row] == 0
      phases[row] = phases[row] < 0 ? phases[row] + 1 : (phases[row] + 1) % stride
    }
    guard isActive.contains(true) else { return }
    windows.withUnsafeBufferPointer {
      product.step(UnsafeBufferPointer(rebasing: $0[..<(rowCount * windowSize)]))
    }
    let norm = norm
    output.withUnsafeMutableBufferPointer { output in
      scratch.withUnsafeMutableBufferPointer { scratch in
        product.withOutput { sums in
          guard let target = output.baseAddress, let scratch = scratch.baseAddress else { return }
          for row in 0..<rows where isActive[row] {
            let own = sums.row(row, of: rows)
            let y = target + row * own.count
            norm(row: own, into: y, scratch: scratch)
            for place in 0..<own.count where y[place] < 0 { y[place] = 0 }
          }
        }
      }
    }
  }

  /// Reads a step of nothing of one row, and gives out what comes of it, as ``step(_:_:)``.
  mutating func stepBehindEnd(_ isActive: inout [Bool]) {
    step([Float](repeating: 0, count: phases.count * inputSize), &isActive)
  }

  /// Whether rows can come and go.
  var hasSlots: Bool { product.hasSlots }

  /// Lets the next steps be of the first rows alone.
  mutating func setRowCount(_ count: Int) {
    product.setRowCount(count)
    rowCount = count
  }

  /// Goes on with a row from that of another stepper of the same convolution.
  mutating func setRow(_ row: Int, from other: ConvolutionStepper, row otherRow: Int) {
    for place in 0..<windowSize {
      windows[row * windowSize + place] = other.windows[otherRow * windowSize + place]
    }
    phases[row] = other.phases[otherRow]
  }

  /// The steps before the next one, of a row.
  func window(row: Int) -> [Float] { Array(windows[row * windowSize..<(row + 1) * windowSize]) }

  /// Takes over the window of a row.
  ///
  /// - Returns: false where the phase is impossible.
  mutating func restore(_ window: [Float], phase: Int, row: Int) -> Bool {
    guard (-lookahead..<stride).contains(phase) else { return false }
    windows.replaceSubrange(row * windowSize..<(row + 1) * windowSize, with: window)
    phases[row] = phase
    return true
  }
}
