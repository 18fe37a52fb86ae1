/// What an ``Attention`` looks at: places of B rows with a value and a key each.
public struct AttentionMemory: Sendable {
  /// `[S, B, M]`: what is blended. What stands beyond the lengths is finite and counts for nothing.
  public var values: Tensor
  /// `[S, B, A]`: what is looked for.
  public var keys: Tensor
  /// `[B]`: the places of each row, each in 0 ... S. A row without any gives zeros.
  public var lengths: [Int]

  /// A memory. Traps where the parts do not fit each other.
  public init(values: Tensor, keys: Tensor, lengths: [Int]? = nil) {
    trapUnless(
      values.rank == 3 && keys.rank == 3 && values.shape.prefix(2) == keys.shape.prefix(2),
      "AttentionMemory: expected values [S, B, M] and keys [S, B, A], received \(values.shape) and \(keys.shape)"
    )
    let all = lengths ?? [Int](repeating: values.shape[0], count: values.shape[1])
    trapUnless(
      all.count == values.shape[1] && all.allSatisfy { (0...values.shape[0]).contains($0) },
      "AttentionMemory: expected \(values.shape[1]) lengths in 0 ... \(values.shape[0]), received \(all)")
    (self.values, self.keys, self.lengths) = (values, keys, all)
  }

  /// S.
  public var placeCount: Int { values.shape[0] }
  /// B.
  public var rowCount: Int { values.shape[1] }
  /// Whether every place of every row is real.
  var isFull: Bool { lengths.allSatisfy { $0 == placeCount } }

  /// The rows with the given numbers.
  public func rows(_ numbers: [Int]) -> AttentionMemory {
    if numbers.elementsEqual(0..<rowCount) { return self }
    func chosen(_ x: Tensor) -> Tensor {
      let (places, width) = (x.shape[0], x.shape[2])
      let all = (0..<places).flatMap { place in numbers.map { Int32(place * rowCount + $0) } }
      return gather(x.reshaped(to: [places * rowCount, width]), rows: Indices(all))
        .reshaped(to: [places, numbers.count, width])
    }
    return AttentionMemory(values: chosen(values), keys: chosen(keys), lengths: numbers.map { lengths[$0] })
  }

  /// The first rows.
  func prefix(_ count: Int) -> AttentionMemory {
    if count == rowCount { return self }
    return AttentionMemory(
      values: values.sliced(axis: 1, 0..<count), keys: keys.sliced(axis: 1, 0..<count),
      lengths: Array(lengths.prefix(count)))
  }
}
