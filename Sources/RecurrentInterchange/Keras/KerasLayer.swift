import RecurrentFormats

/// A layer of a model of Keras, as its configuration has it.
struct KerasLayer {
  /// An output of a layer.
  struct Source: Hashable {
    let layer: String
    let output: Int
  }

  /// The file, for errors.
  let path: String
  /// `LSTM`, `Dense`, ...
  let className: String
  /// The name in its model.
  let name: String
  let settings: [String: JSONValue]
  /// What it takes.
  var inputs: [Source] = []
  /// Truth values of the steps that count, where the model names them itself.
  var mask: Source?
  /// The number that stands beside the values that it takes, where it is an operation of Keras and no layer.
  var operand: Double?
  /// Where its weights stand.
  var place = ""

  /// - Throws: ``InterchangeError`` where there is no such configuration.
  init(_ value: JSONValue?, path: String, within: String) throws(InterchangeError) {
    guard case .object(let members)? = value, case .text(let className)? = members["class_name"],
      case .object(let settings)? = members["config"]
    else {
      throw .unsupportedLayer(
        path: path, name: within, className: "", reason: "the configuration names no class with its settings")
    }
    self.path = path
    self.className = className
    self.settings = settings
    if case .text(let name)? = settings["name"] ?? members["name"] { self.name = name } else { name = within }
  }

  func issue(_ reason: String) -> InterchangeError {
    .unsupportedLayer(path: path, name: name, className: className, reason: reason)
  }

  /// Whether a setting is there, and not null.
  func has(_ key: String) -> Bool {
    switch settings[key] {
    case nil, .null?: false
    default: true
    }
  }

  func flag(_ key: String, or standard: Bool = false) throws(InterchangeError) -> Bool {
    guard has(key), let value = settings[key] else { return standard }
    guard case .bool(let flag) = value else { throw issue("\(key) is no truth value") }
    return flag
  }

  func number(_ key: String, or standard: Double? = nil) throws(InterchangeError) -> Double {
    guard has(key), let value = settings[key] else {
      guard let standard else { throw issue("\(key) is missing") }
      return standard
    }
    guard case .number(let number) = value else { throw issue("\(key) is no number") }
    return number
  }

  /// A whole number from 1 to 2^24.
  func extent(_ key: String, or standard: Int? = nil) throws(InterchangeError) -> Int {
    let number = try number(key, or: standard.map { Double($0) })
    guard number >= 1, number <= 0x1p24, number == number.rounded() else {
      throw issue("\(key) is \(number), expected a whole number from 1 on")
    }
    return Int(number)
  }

  /// A whole number, or a list of one.
  func single(_ key: String, or standard: Int? = nil) throws(InterchangeError) -> Int {
    guard case .list(let list)? = settings[key] else { return try extent(key, or: standard) }
    guard list.count == 1, case .number(let number) = list[0], number >= 1, number <= 0x1p24,
      number == number.rounded()
    else { throw issue("\(key) is no list of one number") }
    return Int(number)
  }

  /// Whole numbers.
  func integers(_ key: String) throws(InterchangeError) -> [Int] {
    guard let value = settings[key] else { throw issue("\(key) is missing") }
    guard let list = KerasLayer.integers(value) else { throw issue("\(key) is no list of whole numbers") }
    return list
  }

  static func integers(_ value: JSONValue) -> [Int]? {
    let items: [JSONValue] = if case .list(let list) = value { list } else { [value] }
    let numbers = items.compactMap { item -> Int? in
      guard case .number(let number) = item, Swift.abs(number) <= 0x1p24, number == number.rounded() else {
        return nil
      }
      return Int(number)
    }
    return numbers.count == items.count ? numbers : nil
  }

  func text(_ key: String, or standard: String) throws(InterchangeError) -> String {
    guard has(key), let value = settings[key] else { return standard }
    guard case .text(let text) = value else { throw issue("\(key) is no text") }
    return text
  }

  /// The name of an activation; functions that were registered are stored as objects.
  func activation(_ key: String, or standard: String) throws(InterchangeError) -> String {
    switch settings[key] {
    case nil, .null?: return standard
    case .text(let name)?: return name
    case .object(let members)?:
      if case .text(let name)? = members["config"] { return name }
      if case .text(let name)? = members["class_name"] {
        throw issue("\(key) is \(name), which is not known")
      }
      fallthrough
    default: throw issue("\(key) is no name of an activation")
    }
  }

  /// The layer in a layer that wraps one.
  func inner(_ key: String = "layer") throws(InterchangeError) -> KerasLayer {
    var layer = try KerasLayer(settings[key], path: path, within: name)
    layer.place = place
    return layer
  }

  /// The extents that a layer says its input has, without that of the batch; nil for open ones.
  func shape(_ value: JSONValue?) throws(InterchangeError) -> [Int?]? {
    guard case .list(let list)? = value else { return nil }
    var shape: [Int?] = []
    for item in list.dropFirst() {
      switch item {
      case .null: shape.append(nil)
      case .number(let number) where number >= 0 && number <= 0x1p31 && number == number.rounded():
        shape.append(Int(number))
      default: throw issue("the shape of its input is no list of extents")
      }
    }
    return shape
  }
}
