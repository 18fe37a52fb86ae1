extension BackendChecker {
  func checkLikeliest() throws {
    for (rows, classes) in [(1, 1), (5, 3), (3, 17), (4, 64), (7, 130), (2, 1003), (0, 4)] {
      let counts = (0..<rows).map { min([0, 1, 9, 17, 40, 70, classes][$0 % 7], classes) }
      for normalizes in [false, true] {
        try compare("the likeliest of \(rows) x \(classes), normalised: \(normalizes)") {
          parts(
            likeliest(
              LikeliestCall(
                scores: random([rows, classes], bound: 8), normalizes: normalizes, counts: counts,
                column: classes / 2)))
        }
        // few levels: equal numbers rank by their classes, and what is no number has no rank
        try compare("the likeliest of equal ones, \(rows) x \(classes)") {
          var numbers = key.child(4).integers(rows * classes, below: 3).map { Float($0) }
          for place in numbers.indices where place % 5 == 2 { numbers[place] = -.infinity }
          if !normalizes, rows > 0 { numbers[numbers.count - 1] = .nan }
          return parts(
            likeliest(
              LikeliestCall(
                scores: Backends.current.tensor(numbers, shape: [rows, classes]), normalizes: normalizes,
                counts: counts, column: 0)))
        }
      }
    }
  }

  private func parts(_ result: LikeliestResult) -> [Tensor] {
    let places = result.ranges.flatMap { Array($0) }
    return [
      Tensor(result.ranges.map { Float($0.count) }), Tensor(places.map { Float(result.classes[$0]) }),
      Tensor(places.map { result.values[$0] }), Tensor(result.column),
    ]
  }
}
