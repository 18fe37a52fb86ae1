#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A file of reference values in `Tests/Fixtures`: named tensors in cases.
public struct FixtureFile: Sendable {
  /// The file.
  public let file: SafetensorsFile
  /// The options of each case, by name.
  public let cases: [String: [String: FixtureOption]]

  /// Reads the file `name`, without its extension.
  public init(_ name: String) throws {
    file = try SafetensorsFile(bytes: fixture(name + ".safetensors"), path: name + ".safetensors")
    cases = try JSONDecoder().decode(
      [String: [String: FixtureOption]].self, from: Data((file.metadata["cases"] ?? "{}").utf8))
  }

  /// Whether the file has a tensor of that name.
  public func contains(_ name: String) -> Bool { file.info(named: name) != nil }

  /// The floats of a name on the current backend.
  public func tensor(_ name: String) throws -> Tensor {
    Tensor(try file.floats(named: name), shape: file.info(named: name)?.shape ?? [])
  }

  /// The bytes of a name.
  public func bytes(_ name: String) throws -> [UInt8] { try file.array(named: name).withBytes { Array($0) } }

  /// The integers of a name.
  public func indices(_ name: String) throws -> Indices {
    Indices(try file.integers(named: name).map { Int32($0) }, shape: file.info(named: name)?.shape ?? [])
  }

  /// The number of that name in the file's metadata.
  public func number(_ name: String) throws -> Int {
    guard let number = file.metadata[name].flatMap({ Int($0) }) else {
      throw CheckFailure("\(file.path): the metadata has no whole number \(name)")
    }
    return number
  }
}

/// An option of a case.
public enum FixtureOption: Sendable, Equatable, Decodable {
  /// true or false.
  case flag(Bool)
  /// A number.
  case number(Double)
  /// Several numbers.
  case numbers([Double])
  /// A text.
  case text(String)

  /// Reads a JSON value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let numbers = try? container.decode([Double].self) {
      self = .numbers(numbers)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// Whether it is the flag true.
  public var isSet: Bool { self == .flag(true) }
  /// The number, if it is one.
  public var number: Double? { if case .number(let value) = self { value } else { nil } }
  /// The numbers, if there are several.
  public var numbers: [Double]? { if case .numbers(let values) = self { values } else { nil } }
  /// The text, if it is one.
  public var text: String? { if case .text(let value) = self { value } else { nil } }
}
