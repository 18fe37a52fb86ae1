/// The largest numbers of each row; what is no number or minus infinity is not among them. The same on every backend, where the
/// numbers are.
package func likeliest(_ call: LikeliestCall) -> LikeliestResult {
  if let result = call.scores.backend.likeliest(call) { return result }
  let width = call.scores.shape[1]
  let numbers = (call.normalizes ? logSoftmax(call.scores) : call.scores).scalars
  var (classes, ranges) = ([Int32](), [Range<Int>]())
  var values: [Float] = []
  for (row, count) in call.counts.enumerated() {
    let own = numbers[row * width..<(row + 1) * width]
    let order = own.indices.filter { own[$0] > -.infinity }.sorted { (own[$1], $0) < (own[$0], $1) }
    ranges.append(classes.count..<classes.count + min(count, order.count))
    classes += order.prefix(count).map { Int32($0 - row * width) }
    values += order.prefix(count).map { own[$0] }
  }
  return LikeliestResult(
    classes: classes, values: values, ranges: ranges,
    column: call.counts.indices.map { numbers[$0 * width + call.column] })
}
