import RecurrentTestSupport
import Testing

@testable import RecurrentCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Against a sum over all alignments, central differences, and rows by themselves.
@Suite struct CTCTests {
  private let key = RandomKey(seed: 151)

  /// Every sequence of classes with its text and its log-probability.
  static func alignments(_ logits: [[Double]], blank: Int) -> [(classes: [Int], text: [Int], score: Double)] {
    let logs = logits.map { frame -> [Double] in
      let top = frame.max() ?? 0
      let normalizer = top + log(frame.reduce(0) { $0 + exp($1 - top) })
      return frame.map { $0 - normalizer }
    }
    var all: [[Int]] = [[]]
    for frame in logits { all = all.flatMap { begin in frame.indices.map { begin + [$0] } } }
    return all.map { classes in
      let text = classes.enumerated().filter { index, value in
        value != blank && (index == 0 || classes[index - 1] != value)
      }
      return (classes, text.map(\.element), zip(logs, classes).reduce(0) { $0 + $1.0[$1.1] })
    }
  }

  /// The logits of a row.
  static func frames(_ logits: Tensor, row: Int, length: Int) -> [[Double]] {
    let (rows, classes, values) = (logits.shape[1], logits.shape[2], logits.doubles)
    return (0..<length).map { step in
      let first = (step * rows + row) * classes
      return Array(values[first..<first + classes])
    }
  }

  /// All targets of up to three tokens, in as many frames as are needed and up to six.
  @Test(arguments: [0, 1, 2], [1, 25] as [Float])
  func lossIsThatOfAllAlignments(_ blank: Int, _ scale: Float) throws {
    let tokens = (0..<3).filter { $0 != blank }.map { Int32($0) }
    let longer = [[]] + tokens.map { [$0] } + tokens.flatMap { first in tokens.map { [first, $0] } }
    let all = longer + tokens.flatMap { first in longer.filter { $0.count == 2 }.map { [first] + $0 } }
    let items = all.flatMap { target in (0...6).map { (target: target, length: $0) } }
      .filter { CTCAlignment.isFeasible($0.target, frames: $0.length) }
    let targets = items.map(\.target), lengths = items.map(\.length)
    let logits = Tensor.random([6, items.count, 3], bound: scale, key: key.child(blank))
    let losses = ctcLosses(logits, targets, lengths: lengths, blank: Int32(blank))
    let occupancies = ctcOccupancies(logits, targets, lengths: lengths, blank: Int32(blank))
    for (row, item) in items.enumerated() {
      let frames = CTCTests.frames(logits, row: row, length: item.length)
      let wanted = item.target.map { Int($0) }
      let own = CTCTests.alignments(frames, blank: blank).filter { $0.text == wanted }
      let top = own.map(\.score).max() ?? 0
      let total = own.reduce(0) { $0 + exp($1.score - top) }
      let what = "target \(item.target) in \(item.length) frames"
      try requireClose([losses.doubles[row]], [-top - log(total)], relative: 1e-6, absolute: 1e-6, what)
      var shares = [Double](repeating: 0, count: item.length * (wanted.count + 1))
      for alignment in own {
        var token = -1
        for (step, value) in alignment.classes.enumerated() {
          if value != blank, step == 0 || alignment.classes[step - 1] != value { token += 1 }
          let column = value == blank ? wanted.count : token
          shares[step * (wanted.count + 1) + column] += exp(alignment.score - top) / total
        }
      }
      #expect(occupancies[row].shape == [item.length, wanted.count + 1])
      try requireClose(
        occupancies[row].doubles, shares, relative: 0, absolute: 2e-6, "occupancies of \(what)")
    }
    try requireClose(
      ctcLoss(logits, targets, lengths: lengths, blank: Int32(blank)).doubles,
      [losses.doubles.reduce(0, +) / Double(items.count)], relative: 1e-6, absolute: 0, "mean")
  }

  @Test func noFramesAndNoTokensAreNoLoss() {
    #expect(ctcLosses(Tensor(zeros: [0, 2, 3]), [[], []]).scalars == [0, 0])
    #expect(ctcLoss(Tensor(zeros: [4, 1, 3]), [[]], lengths: [0]).scalar == 0)
    #expect(ctcLoss(Tensor(zeros: [4, 0, 3]), []).scalar == 0)
    #expect(ctcLosses(Tensor(zeros: [2, 1, 1]), [[]]).scalars == [0])
  }

  @Test(arguments: CTCBatch.awkward)
  func gradients(_ batch: CTCBatch) throws {
    let rows = batch.lengths.count
    guard rows > 0, batch.stepCount > 0 else { return }
    var tolerance = GradientTolerance()
    tolerance.smallTensor = 250
    tolerance.float = 1e-5
    let weights = key.child(2).uniforms(rows)
    try checkGradient(
      of: Dropout(rate: 0),
      inputs: [.random([batch.stepCount, rows, batch.classCount], bound: 3, key: key.child(1))],
      tolerance: tolerance
    ) { _, inputs in
      let losses = ctcLosses(inputs[0], batch.targets, lengths: batch.lengths, blank: batch.blank)
      return (losses * Tensor(weights)).sum()
    }
  }

  @Test(arguments: CTCBatch.awkward)
  func rowsHaveTheBitsThatTheyHaveAlone(_ batch: CTCBatch) throws {
    let shape = [batch.stepCount, batch.lengths.count, batch.classCount]
    let logits = Tensor.random(shape, bound: 5, key: key.child(3))
    let whole = results(logits, batch.targets, batch.lengths, batch.blank)
    for (row, target) in batch.targets.enumerated() {
      let length = batch.lengths[row]
      let own = logits.sliced(axis: 1, row..<row + 1).sliced(axis: 0, 0..<length)
      let alone = results(own, [target], [length], batch.blank)
      try requireSameBits(whole.losses.sliced(axis: 0, row..<row + 1), alone.losses, "loss of row \(row)")
      try requireSameBits(
        whole.gradient.sliced(axis: 1, row..<row + 1).sliced(axis: 0, 0..<length), alone.gradient,
        "gradient of row \(row)")
      try requireSameBits(whole.occupancies[row], alone.occupancies[0], "occupancies of row \(row)")
    }
  }

  /// What stands past a length is not read, and its gradient is zero.
  @Test func nothingPastTheLengths() throws {
    let batch = CTCBatch.awkward[4]
    let shape = [batch.stepCount, batch.lengths.count, batch.classCount]
    let clean = Tensor.random(shape, bound: 5, key: key.child(4))
    var numbers = clean.scalars
    for frame in 0..<shape[0] * shape[1] where frame / shape[1] >= batch.lengths[frame % shape[1]] {
      for place in 0..<shape[2] { numbers[frame * shape[2] + place] = .nan }
    }
    for backend in [CPUBackend.shared, ReferenceBackend()] as [any Backend] {
      let (expected, found) = Backends.$current.withValue(backend) {
        (
          results(clean.moved(to: backend), batch.targets, batch.lengths, batch.blank),
          results(Tensor(numbers, shape: shape), batch.targets, batch.lengths, batch.blank)
        )
      }
      try requireSameBits(found.losses, expected.losses, "losses on \(backend.name)")
      try requireSameBits(found.gradient, expected.gradient, "gradient on \(backend.name)")
      for (frame, value) in found.gradient.scalars.enumerated() {
        let place = frame / shape[2]
        if place / shape[1] >= batch.lengths[place % shape[1]] { #expect(value == 0) }
      }
    }
  }

  /// A network that is sure and wrong: probabilities beyond the range of a float, and even of a double.
  @Test(arguments: [20, 300, 5000] as [Float])
  func unlikelyTargets(_ scale: Float) throws {
    let (steps, size) = (60, 20)
    let targets = [(0..<size).map { Int32($0 % 3 + 1) }]
    let logits = (0..<steps).flatMap { step in (0..<5).map { $0 == 0 ? scale : Float((step + $0) % 3) } }
    func compute() -> [Tensor] {
      let found = results(Tensor(logits, shape: [steps, 1, 5]), targets, [steps], 0)
      return [found.losses, found.gradient]
    }
    let found = compute()
    let expected = Backends.$current.withValue(ReferenceBackend()) { compute() }
    #expect(found[0].scalar > Float(size) * scale / 2)
    try requireClose(found[0], expected[0], relative: 1e-6, absolute: 0, "loss")
    try requireClose(found[1], expected[1], relative: 2e-6, absolute: 0, "gradient")
  }

  /// Finite logits have finite losses and gradients however large they are.
  @Test func hugeLogits() {
    let logits = Tensor([3e38, -3e38, 0, -3e38, 3e38, 0, 0, -3e38, 3e38], shape: [3, 1, 3])
    let found = results(logits, [[1, 1]], [3], 0)
    #expect(found.losses.scalars.allSatisfy { $0.isFinite })
    #expect(found.gradient.scalars.allSatisfy { abs($0) <= 1 })
    #expect(found.losses.scalar > 65_536)
  }

  /// A class that is ruled out leaves the others as they are without it.
  @Test func impossibleClasses() throws {
    let few = Tensor.random([5, 1, 3], key: key.child(5))
    let more = concatenate([few, Tensor(filled: -.infinity, shape: [5, 1, 1])], axis: 2)
    let (expected, found) = (results(few, [[1, 2]], [5], 0), results(more, [[1, 2]], [5], 0))
    try requireClose(found.losses, expected.losses, relative: 1e-6, absolute: 0, "loss")
    try requireClose(
      found.gradient.sliced(axis: 2, 0..<3), expected.gradient, relative: 1e-6, absolute: 0, "gradient")
    #expect(found.gradient.sliced(axis: 2, 3..<4).scalars.allSatisfy { $0 == 0 })
  }

  /// Logits that are no numbers show, in their rows alone.
  @Test func logitsThatAreNoNumbers() throws {
    let clean = Tensor.random([4, 3, 20], key: key.child(6))
    let targets: [[Int32]] = [[1, 2], [3], [4, 4]]
    let expected = results(clean, targets, [4, 4, 4], 0)
    for value in [Float.nan, .infinity] {
      for place in [0, 7, 19] {
        var numbers = clean.scalars
        numbers[(2 * 3 + 1) * 20 + place] = value
        let found = results(Tensor(numbers, shape: [4, 3, 20]), targets, [4, 4, 4], 0)
        #expect(found.losses.scalars[1].isNaN)
        #expect(found.gradient.sliced(axis: 1, 1..<2).scalars.contains { $0.isNaN })
        for row in [0, 2] {
          try requireSameBits(
            found.gradient.sliced(axis: 1, row..<row + 1), expected.gradient.sliced(axis: 1, row..<row + 1),
            "row \(row)")
          #expect(found.losses.scalars[row] == expected.losses.scalars[row])
        }
      }
    }
  }

  /// The columns of a frame are a distribution.
  @Test func occupanciesAddUp() throws {
    for batch in CTCBatch.awkward {
      let shape = [batch.stepCount, batch.lengths.count, batch.classCount]
      let logits = Tensor.random(shape, bound: 20, key: key.child(7))
      for frames in ctcOccupancies(logits, batch.targets, lengths: batch.lengths, blank: batch.blank) {
        let sums = frames.sum(axis: 1).doubles
        try requireClose(sums, sums.map { _ in 1 }, relative: 1e-6, absolute: 0, "\(batch)")
        #expect(frames.scalars.allSatisfy { $0 >= 0 })
      }
    }
  }

  @Test(arguments: CTCBatch.awkward)
  func sameBits(_ batch: CTCBatch) throws {
    try check(batch)
  }

  /// Enough work for a team, in rows of very different lengths.
  @Test func sameBitsOfTeams() throws {
    try check(
      CTCBatch(stepCount: 150, classCount: 29, sizes: [40, 3, 0, 70, 31, 16, 64], key: key.child(8)))
    try check(CTCBatch(stepCount: 20, classCount: 1003, sizes: [4, 3, 9], key: key.child(9)))
  }

  private func check(_ batch: CTCBatch) throws {
    let shape = [batch.stepCount, batch.lengths.count, batch.classCount]
    func compute() -> [Tensor] {
      let found = results(
        .random(shape, bound: 8, key: key.child(10)), batch.targets, batch.lengths, batch.blank)
      return [found.losses, found.gradient] + found.occupancies
    }
    try checkSameBits("\(batch)") { compute() }
    let expected = Backends.$current.withValue(CPUBackend(exactThreadCount: 1)) { compute() }
    for threads in 5...8 {
      let found = Backends.$current.withValue(CPUBackend(exactThreadCount: threads)) { compute() }
      try requireSameBits(found, expected, "\(batch) with \(threads) threads")
    }
  }

  private func results(
    _ logits: Tensor, _ targets: [[Int32]], _ lengths: [Int], _ blank: Int32
  ) -> (losses: Tensor, gradient: Tensor, occupancies: [Tensor]) {
    let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [logits])
    let (_, losses, gradient) = valueAndGradient(of: point) { point in
      let losses = ctcLosses(point.inputs[0], targets, lengths: lengths, blank: blank)
      return (losses.sum(), losses.detached)
    }
    return (
      losses, gradient.inputs[0], ctcOccupancies(logits, targets, lengths: lengths, blank: blank)
    )
  }

  @Test func mistakesTrap() async {
    await #expect(processExitsWith: .failure) { _ = ctcLoss(Tensor(zeros: [2, 1, 3]), [[1, 1]]) }
    await #expect(processExitsWith: .failure) { _ = ctcLoss(Tensor(zeros: [2, 1, 3]), [[3]]) }
    await #expect(processExitsWith: .failure) { _ = ctcLoss(Tensor(zeros: [2, 1, 3]), [[0]]) }
    await #expect(processExitsWith: .failure) { _ = ctcLoss(Tensor(zeros: [2, 1, 3]), [[1]], blank: 3) }
    await #expect(processExitsWith: .failure) { _ = ctcLoss(Tensor(zeros: [2, 1, 3]), [[1]], lengths: [3]) }
    await #expect(processExitsWith: .failure) { _ = ctcLoss(Tensor(zeros: [2, 1, 3]), [[1], [1]]) }
  }
}
