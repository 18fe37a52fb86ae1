/// Why a check did not hold: thrown by the checkers, so that any test framework reports it.
public struct CheckFailure: Error, CustomStringConvertible {
  /// What was checked, what was expected and what was found.
  public let description: String

  /// A failure with its reason.
  public init(_ description: String) { self.description = description }
}

/// Throws a ``CheckFailure`` when `condition` is false.
public func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
  if !condition { throw CheckFailure(reason()) }
}

/// Throws unless every number is within `relative` times the largest expected magnitude, plus `absolute`, of the
/// expected one.
///
/// The largest magnitude is the scale because the error of a float32 sum is one of its terms, not of its result. A NaN
/// or an infinity must be met exactly.
public func requireClose(
  _ actual: [Double], _ expected: [Double], relative: Double, absolute: Double,
  _ what: @autoclosure () -> String
) throws {
  try require(
    actual.count == expected.count, "\(what()): \(actual.count) numbers, expected \(expected.count)")
  let largest = expected.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  let allowed = relative * largest + absolute
  for (index, (found, wanted)) in zip(actual, expected).enumerated() {
    let isClose =
      wanted.isFinite ? abs(found - wanted) <= allowed : found == wanted || (found.isNaN && wanted.isNaN)
    try require(
      isClose,
      "\(what()): element \(index) is \(found), expected \(wanted); the difference \(abs(found - wanted)) exceeds \(allowed)"
    )
  }
}

/// Throws unless the tensor has the shape and, within the tolerance of
/// ``requireClose(_:_:relative:absolute:_:)-([Double],_,_,_,_)``, the numbers of another one.
public func requireClose(
  _ actual: Tensor, _ expected: Tensor, relative: Double, absolute: Double, _ what: @autoclosure () -> String
) throws {
  try require(actual.shape == expected.shape, "\(what()): shape \(actual.shape), expected \(expected.shape)")
  try requireClose(actual.doubles, expected.doubles, relative: relative, absolute: absolute, what())
}

/// Throws unless two tensors have the same shape and the same bits.
public func requireSameBits(_ actual: Tensor, _ expected: Tensor, _ what: @autoclosure () -> String) throws {
  try require(actual.shape == expected.shape, "\(what()): shape \(actual.shape), expected \(expected.shape)")
  for (index, (found, wanted)) in zip(actual.scalars, expected.scalars).enumerated() {
    try require(
      found.bitPattern == wanted.bitPattern,
      "\(what()): element \(index) is \(found), expected the bits of \(wanted)")
  }
}

/// Throws unless two lists of tensors have the same bits.
public func requireSameBits(_ actual: [Tensor], _ expected: [Tensor], _ what: @autoclosure () -> String)
  throws
{
  try require(
    actual.count == expected.count, "\(what()): \(actual.count) tensors, expected \(expected.count)")
  for (index, pair) in zip(actual, expected).enumerated() {
    try requireSameBits(pair.0, pair.1, "\(what()), part \(index)")
  }
}
