/// Throws unless `walk` visits every stored tensor of a module, at any depth, exactly once and by a name of its own.
public func mirrorCheck<M: Module>(_ module: M) throws {
  let names = module.parameters.map(\.name)
  try require(Set(names).count == names.count, "\(M.self): walk uses a name twice in \(names)")
  // each parameter gets a mark of its own, a number that no model holds, so that it is known again where it is stored
  let first: UInt32 = 0x7f00_0000
  var marks: [UInt32: Int] = [:]
  let marked = module.mappingParameters { _, parameter in
    let mark = first + UInt32(marks.count)
    marks[mark] = marks.count
    return Tensor(filled: Float(bitPattern: mark), shape: parameter.count > 0 ? parameter.shape : [1])
  }
  var found: Set<Int> = []
  for (path, tensor) in storedTensors(in: marked, path: []) {
    let index = tensor.scalars.first.flatMap { marks[$0.bitPattern] }
    try require(index.map { found.insert($0).inserted } ?? false, "\(M.self): walk does not visit \(path)")
  }
  let missing = names.indices.filter { !found.contains($0) }.map { names[$0] }
  try require(missing.isEmpty, "\(M.self): no stored tensor of its own belongs to the parameters \(missing)")
}

private func storedTensors(in value: Any, path: [String]) -> [(path: String, tensor: Tensor)] {
  if let tensor = value as? Tensor { return [(path.joined(separator: "."), tensor)] }
  if value is PreparedWeights { return [] }
  let mirror = Mirror(reflecting: value)
  return mirror.children.enumerated().flatMap { index, child in
    // the wrapped value of an optional has no place of its own in the path
    storedTensors(
      in: child.value, path: mirror.displayStyle == .optional ? path : path + [child.label ?? "\(index)"])
  }
}
