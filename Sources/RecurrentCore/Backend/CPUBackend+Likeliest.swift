import CRecurrentKernels

extension CPUBackend {
  /// The largest numbers of each row; members share out the rows.
  public func likeliest(_ call: LikeliestCall) -> LikeliestResult? {
    let (rows, classes) = (call.scores.shape[0], call.scores.shape[1])
    let starts = call.counts.reduce(into: [Int64(0)]) { $0.append($0[$0.count - 1] + Int64($1)) }
    let room = Int(starts[rows])
    var found = [Int32](repeating: 0, count: room)
    var counts = [Int64](repeating: 0, count: rows)
    let (values, column) = (empty([room]), empty([rows]))
    var arguments = rk_likeliest_args()
    (arguments.rows, arguments.classes) = (Int64(rows), Int64(classes))
    (arguments.scores, arguments.normalizes) = (UnsafePointer(call.scores.floats), call.normalizes)
    arguments.column = Int64(call.column)
    (arguments.values, arguments.singles) = (values.floats, column.floats)
    starts.withUnsafeBufferPointer { starts in
      found.withUnsafeMutableBufferPointer { found in
        counts.withUnsafeMutableBufferPointer { counts in
          arguments.starts = starts.baseAddress
          (arguments.found, arguments.counts) = (found.baseAddress, counts.baseAddress)
          withUnsafePointer(to: arguments) { pointer in
            pool.run(members: call.scores.count < CPUBackend.grain ? 1 : pool.teamSize) {
              kernels.pointee.likeliest(pointer, $0)
            }
          }
        }
      }
    }
    return LikeliestResult(
      classes: found, values: values.scalars,
      ranges: zip(starts, counts).map { Int($0)..<Int($0 + $1) }, column: column.scalars)
  }
}
