import RecurrentTestSupport
import Testing

/// Against a maximum over all alignments.
@Suite struct CTCAlignmentTests {
  private let key = RandomKey(seed: 152)

  @Test func framesNeeded() {
    #expect(CTCAlignment.framesNeeded([]) == 0)
    #expect(CTCAlignment.framesNeeded([4]) == 1)
    #expect(CTCAlignment.framesNeeded([1, 2, 1]) == 3)
    #expect(CTCAlignment.framesNeeded([1, 1, 1, 2, 2]) == 8)
    #expect(CTCAlignment.isFeasible([1, 1], frames: 3))
    #expect(!CTCAlignment.isFeasible([1, 1], frames: 2))
    #expect(CTCAlignment.isFeasible([], frames: 0))
  }

  @Test(arguments: [[], [1], [2, 2], [1, 2, 1], [2, 1, 1]] as [[Int32]], [0, 1, 3, 4, 6])
  func isTheLikeliestOfAll(_ target: [Int32], _ length: Int) throws {
    for seed in 0..<10 {
      let logits = Tensor.random([length, 3], bound: 4, key: key.child(seed))
      let found = CTCAlignment(logits, target: target)
      guard CTCAlignment.isFeasible(target, frames: length) else {
        #expect(found == nil)
        continue
      }
      let alignment = try #require(found)
      let frames = CTCTests.frames(logits.reshaped(to: [length, 1, 3]), row: 0, length: length)
      let best = try #require(
        CTCTests.alignments(frames, blank: 0).filter { $0.text == target.map { Int($0) } }
          .max { $0.score < $1.score })
      #expect(abs(Double(alignment.score) - best.score) < 1e-4)
      var classes = [Int](repeating: 0, count: length)
      for span in alignment.spans { for frame in span.frames { classes[frame] = Int(span.token) } }
      #expect(classes == best.classes)
      #expect(alignment.spans.map(\.token) == target)
      // what is left of the score is that of the blanks
      let logs = logSoftmax(logits).doubles
      let blanks = (0..<length).filter { classes[$0] == 0 }.reduce(0) { $0 + logs[$1 * 3] }
      #expect(
        abs(alignment.spans.reduce(blanks) { $0 + Double($1.score) } - Double(alignment.score)) < 1e-4)
    }
  }

  /// The likeliest alignment stays within its rows, and rows within their lengths.
  @Test func rowsOfABatch() throws {
    let logits = Tensor.random([8, 3, 5], bound: 4, key: key.child(20))
    let targets: [[Int32]] = [[1, 4, 4], [2], [3, 3, 3]]
    let all = CTCAlignment.align(logits, targets, lengths: [8, 3, 4])
    for row in 0..<2 {
      let length = [8, 3][row]
      let own = logits.sliced(axis: 1, row..<row + 1).reshaped(to: [8, 5]).sliced(axis: 0, 0..<length)
      #expect(all[row] == CTCAlignment(own, target: targets[row]))
      #expect(try #require(all[row]).spans.allSatisfy { $0.frames.upperBound < length })
    }
    #expect(all[2] == nil)
  }

  /// The spans are those of a text that was spelled out, and blanks lie between them.
  @Test func spansOfClearFrames() throws {
    let classes: [Int32] = [0, 2, 2, 0, 2, 1, 1, 1, 0]
    let logits = Tensor(
      classes.flatMap { wanted in (0..<3).map { $0 == wanted ? 9 : 0 } }, shape: [classes.count, 3])
    let alignment = try #require(CTCAlignment(logits, target: [2, 2, 1]))
    #expect(alignment.spans.map(\.frames) == [1...2, 4...4, 5...7])
    #expect(alignment.score < 0 && alignment.score > -0.1)
  }

  /// What is no number, or not possible, does not take away any span.
  @Test(arguments: [Float.nan, -.infinity])
  func framesWithoutProbabilities(_ value: Float) throws {
    let alignment = try #require(CTCAlignment(Tensor(filled: value, shape: [5, 3]), target: [1, 1, 2]))
    #expect(alignment.spans.map(\.token) == [1, 1, 2])
  }

  @Test func mistakesTrap() async {
    await #expect(processExitsWith: .failure) { _ = CTCAlignment(Tensor(zeros: [3, 3]), target: [3]) }
    await #expect(processExitsWith: .failure) { _ = CTCAlignment(Tensor(zeros: [3, 3]), target: [0]) }
  }
}
