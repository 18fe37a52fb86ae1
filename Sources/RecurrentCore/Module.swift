/// Something with parameters: a cell, a layer, a model.
///
/// `walk` names each parameter once. Everything that deals with parameters is built on it: gradients, optimisers,
/// checkpoints, import, counting, freezing. A tensor that serves in two places (tied weights) is visited in one.
///
///     struct Linear: Module {
///       var weight, bias: Tensor
///       mutating func walk(_ visitor: inout some ParameterVisitor) {
///         visitor.visit("weight", &weight)
///         visitor.visit("bias", &bias)
///       }
///     }
public protocol Module: Sendable {
  /// Shows every parameter to `visitor`, always in the same order, by the names that files use.
  mutating func walk(_ visitor: inout some ParameterVisitor)
}

/// The names that stand around the parameter now visited.
public struct ParameterPath: Sendable {
  fileprivate var prefix: [String] = []
  fileprivate var suffix: [String] = []

  /// The outermost module.
  public init() {}

  fileprivate func name(_ leaf: String) -> String {
    (prefix + [leaf + suffix.joined()]).joined(separator: ".")
  }
}

/// Something that is done to each parameter of a module in turn.
public protocol ParameterVisitor {
  /// Where the walk is; kept up by the `visit` methods.
  var path: ParameterPath { get set }

  /// Called once for each parameter with its full name, parts separated by dots. The parameter may be changed.
  mutating func visitParameter(_ name: String, _ parameter: inout Tensor)
}

extension ParameterVisitor {
  /// Visits a parameter of the module being walked.
  public mutating func visit(_ name: String, _ parameter: inout Tensor) {
    visitParameter(path.name(name), &parameter)
  }

  /// Visits a parameter that may be absent.
  public mutating func visit(_ name: String, _ parameter: inout Tensor?) {
    guard var present = parameter else { return }
    visit(name, &present)
    parameter = present
  }

  /// Visits the parameters of a part, whose names get `name` and a dot in front.
  public mutating func visit<M: Module>(_ name: String, _ module: inout M) {
    path.prefix.append(name)
    module.walk(&self)
    path.prefix.removeLast()
  }

  /// Visits the parameters of a part that may be absent.
  public mutating func visit<M: Module>(_ name: String, _ module: inout M?) {
    guard var present = module else { return }
    visit(name, &present)
    module = present
  }

  /// Visits the parameters of a part, whose names get `suffix` behind: `weight_ih` becomes `weight_ih_l0`.
  public mutating func visit<M: Module>(suffix: String, _ module: inout M) {
    path.suffix.insert(suffix, at: 0)
    module.walk(&self)
    path.suffix.removeFirst()
  }
}

extension Module {
  /// All parameters with their names, in the order of the walk.
  public var parameters: [(name: String, value: Tensor)] {
    var visitor = ListParameters()
    var copy = self
    copy.walk(&visitor)
    return visitor.found
  }

  /// The number of trainable numbers.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  /// The same module with every parameter replaced by `transform(name, value)`.
  public func mappingParameters(_ transform: (String, Tensor) throws -> Tensor) rethrows -> Self {
    var values = try parameters.map { try transform($0.name, $0.value) }
    values.reverse()
    var copy = self
    var visitor = ReplaceParameters(values: values)
    copy.walk(&visitor)
    return copy
  }
}

private struct ListParameters: ParameterVisitor {
  var path = ParameterPath()
  var found: [(name: String, value: Tensor)] = []

  mutating func visitParameter(_ name: String, _ parameter: inout Tensor) {
    found.append((name, parameter))
  }
}

private struct ReplaceParameters: ParameterVisitor {
  var path = ParameterPath()
  var values: [Tensor]

  init(values: [Tensor]) { self.values = values }

  mutating func visitParameter(_ name: String, _ parameter: inout Tensor) {
    parameter = values.removeLast()
  }
}
