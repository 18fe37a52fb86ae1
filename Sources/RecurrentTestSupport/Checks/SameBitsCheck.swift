/// Throws unless `body` gives the same bits with every instruction set of this CPU and with one to four threads.
///
/// - Parameters:
///   - what: names the computation in the failure.
///   - body: makes all its tensors on the current backend.
public func checkSameBits(_ what: String, _ body: () throws -> [Tensor]) throws {
  var expected: [Tensor]?
  for instructionSet in 0...3 {
    for threads in 1...4 {
      guard let backend = CPUBackend(threadCount: threads, instructionSet: instructionSet) else { continue }
      poisonStoragePool()
      let results = try Backends.$current.withValue(backend, operation: body)
      if let expected { try requireSameBits(results, expected, "\(what) on \(backend.name)") }
      expected = expected ?? results
    }
  }
}
