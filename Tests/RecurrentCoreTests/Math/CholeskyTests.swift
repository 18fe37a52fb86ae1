import RecurrentCore
import Testing

@Suite struct CholeskyTests {
  @Test func solution() {
    // a 3 x 3 matrix and two right sides
    let matrix = [4.0, 2, 1, 2, 5, 3, 1, 3, 6]
    let solution = [1.0, -1, 2, 0.5, -3, 2]
    var right = [Double](repeating: 0, count: 6)
    for row in 0..<3 {
      for column in 0..<2 {
        for inner in 0..<3 {
          right[row * 2 + column] += matrix[row * 3 + inner] * solution[inner * 2 + column]
        }
      }
    }
    var copy = matrix
    let found = choleskySolution(&copy, right, size: 3, columns: 2) ?? []
    #expect(zip(found, solution).allSatisfy { abs($0 - $1) < 1e-12 } && found.count == 6)
    var indefinite = [1.0, 2, 2, 1]
    #expect(choleskySolution(&indefinite, [1, 1], size: 2, columns: 1) == nil)
  }
}
