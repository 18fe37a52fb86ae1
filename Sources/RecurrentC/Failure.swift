import CRecurrent
import Recurrent

/// What is wrong with a call.
struct CallError: Error, CustomStringConvertible {
  let code: Int32
  let description: String

  /// An argument is not what the header asks for.
  static func argument(_ description: String) -> CallError {
    CallError(code: Int32(REC_ARGUMENT), description: description)
  }

  /// The model cannot do it.
  static func unsupported(_ description: String) -> CallError {
    CallError(code: Int32(REC_UNSUPPORTED), description: description)
  }
}

/// The code of the header for an error.
func code(of error: any Error) -> Int32 {
  switch error {
  case let error as CallError: error.code
  case is DataError, is MusicError: Int32(REC_DATA)
  case is FormatError: Int32(REC_FORMAT)
  case is BundleError, is ParameterError, is InterchangeError, is GraphError: Int32(REC_MODEL)
  default: Int32(REC_UNSUPPORTED)
  }
}

extension UnsafeMutablePointer<rec_error> {
  /// Writes a code and a message, which is cut between two characters where it is too long.
  func write(_ code: Int32, _ message: String) {
    let bytes = UnsafeMutableRawPointer(self)
    bytes.storeBytes(of: code, as: Int32.self)
    let place = MemoryLayout<Int32>.size
    let room = MemoryLayout<rec_error>.size - place - 1
    var text = Array(message.utf8.prefix(room))
    if message.utf8.count > room {
      while let last = text.last, last & 0xC0 == 0x80 { text.removeLast() }
      text.removeLast()
    }
    // a zero would end it early
    for (index, byte) in text.enumerated() {
      bytes.storeBytes(of: byte == 0 ? 0x20 : byte, toByteOffset: place + index, as: UInt8.self)
    }
    bytes.storeBytes(of: 0, toByteOffset: place + text.count, as: UInt8.self)
  }
}

/// Calls `body`, and says in `error` how it ended.
///
/// - Returns: what `body` returns, or nil where it throws.
func attempt<R>(_ error: UnsafeMutablePointer<rec_error>?, _ body: () throws -> R) -> R? {
  do {
    let result = try body()
    error?.write(Int32(REC_OK), "")
    return result
  } catch let failure {
    error?.write(code(of: failure), "\(failure)")
    return nil
  }
}

/// Calls `body`, and says in `error` how it ended.
///
/// - Returns: the code.
func status(_ error: UnsafeMutablePointer<rec_error>?, _ body: () throws -> Void) -> Int32 {
  do {
    try body()
    error?.write(Int32(REC_OK), "")
    return Int32(REC_OK)
  } catch let failure {
    error?.write(code(of: failure), "\(failure)")
    return code(of: failure)
  }
}

/// The value of a pointer.
///
/// - Throws: ``CallError`` where it is null.
func required<Value>(_ value: Value?, _ name: String) throws -> Value {
  guard let value else { throw CallError.argument("\(name) is a null pointer") }
  return value
}

/// The text that a pointer stands for.
///
/// - Throws: ``CallError`` where it is null or not in UTF-8.
func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws -> String {
  guard let text = String(validatingCString: try required(pointer, name)) else {
    throw CallError.argument("\(name) is not in UTF-8")
  }
  return text
}

/// A number within bounds.
///
/// - Throws: ``CallError``.
func count(_ value: Int64, _ name: String, in bounds: ClosedRange<Int64> = 1...1 << 40) throws -> Int {
  guard bounds.contains(value) else {
    throw CallError.argument(
      "\(name) is \(value), expected \(bounds.lowerBound) to \(bounds.upperBound)")
  }
  return Int(value)
}

/// The product of numbers that are not negative.
///
/// - Throws: ``CallError`` where memory of such a size cannot be.
func product(_ factors: Int...) throws -> Int {
  let result = factors.reduce(1, clampedProduct)
  guard result <= 1 << 44 else {
    throw CallError.argument("\(factors.map(String.init).joined(separator: " x ")) numbers are too many")
  }
  return result
}
