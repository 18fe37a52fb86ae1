extension Tensor {
  /// The tensor as an entry of a safetensors file.
  package func entry(named name: String) -> ArrayEntry {
    ArrayEntry(name: name, shape: shape) { [detached] in detached.scalars }
  }
}

/// Why parameters do not fit a model.
public enum ParameterError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file lacks a parameter.
  case missing(path: String, name: String)
  /// The file has a tensor that the model does not know.
  case unexpected(path: String, name: String)
  /// A tensor has another shape than the parameter.
  case shapeMismatch(path: String, name: String, expected: [Int], found: [Int])

  /// What does not fit.
  public var description: String {
    switch self {
    case .missing(let path, let name):
      "\(path): tensor \"\(name)\" is missing; the file does not hold this model"
    case .unexpected(let path, let name):
      "\(path): tensor \"\(name)\" is unknown to the model; the file does not hold this model"
    case .shapeMismatch(let path, let name, let expected, let found):
      "\(path): tensor \"\(name)\" has shape \(found), expected \(expected); the file does not hold this model"
    }
  }
}

extension Module {
  /// The parameters as entries of a safetensors file, with `prefix` before their names.
  public func entries(prefix: String = "") -> [ArrayEntry] {
    parameters.map { $0.value.entry(named: prefix + $0.name) }
  }

  /// Takes all parameters from a safetensors file: each must be there in its shape, and nothing else.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - prefix: what stands before the names of this module's parameters; other tensors are left alone.
  /// - Throws: ``ParameterError`` when names or shapes differ, or a format error. The module is then unchanged.
  public mutating func load(from file: SafetensorsFile, prefix: String = "") throws {
    let known = Set(parameters.map { prefix + $0.name })
    for name in file.names where name.hasPrefix(prefix) && !known.contains(name) {
      throw ParameterError.unexpected(path: file.path, name: name)
    }
    self = try mappingParameters { name, value in
      try file.tensor(named: prefix + name, shape: value.shape)
    }
  }
}

extension SafetensorsFile {
  /// A tensor that must have a given shape.
  package func tensor(named name: String, shape: [Int]) throws -> Tensor {
    guard let info = info(named: name) else { throw ParameterError.missing(path: path, name: name) }
    guard info.shape == shape else {
      throw ParameterError.shapeMismatch(path: path, name: name, expected: shape, found: info.shape)
    }
    return Tensor(try floats(named: name), shape: shape)
  }

  /// A tensor in the shape that it has.
  package func tensor(named name: String) throws -> Tensor {
    guard let info = info(named: name) else { throw ParameterError.missing(path: path, name: name) }
    return Tensor(try floats(named: name), shape: info.shape)
  }
}
