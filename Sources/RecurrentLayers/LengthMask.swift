/// 1 at the real steps of each row and 0 beyond them, where another tensor lives.
///
/// - Parameters:
///   - lengths: `[B]`, each in 0 ... T.
///   - stepCount: T.
///   - x: whose backend the mask is for.
/// - Returns: `[T, B, 1]`.
public func lengthMask(_ lengths: [Int], stepCount: Int, like x: Tensor) -> Tensor {
  Tensor(
    (0..<stepCount).flatMap { step in lengths.map { step < $0 ? 1 : 0 } },
    shape: [stepCount, lengths.count, 1], like: x)
}

/// 1 for each row that has a step and 0 for the others, `[B, 1]`, where another tensor lives.
func rowMask(_ lengths: [Int], like x: Tensor) -> Tensor {
  Tensor(lengths.map { $0 > 0 ? 1 : 0 }, shape: [lengths.count, 1], like: x)
}
