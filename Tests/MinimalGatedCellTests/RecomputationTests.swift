import RecurrentTestSupport
import Testing

@testable import MinimalGatedCellExample

@Suite struct RecomputationTests {
  /// A cell that the library does not know trains on long sequences in chunks like any other.
  @Test func equalsThePlainGradient() throws {
    try checkRecomputation(CellShape(11, 3, 2, 5)) {
      MinimalGatedCell(inputSize: $0, hiddenSize: 5, key: $1)
    }
  }
}
