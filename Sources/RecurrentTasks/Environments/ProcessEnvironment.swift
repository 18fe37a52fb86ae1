/// An environment that is another process, which speaks in lines of JSON over its standard input and output.
///
/// It begins with its spaces, for discrete actions or for continuous ones:
///
///     {"spaces": {"observation": {"size": 4}, "action": {"count": 2}, "steps": 500}}
///     {"spaces": {"observation": {"names": ["x"]}, "action": {"low": [-2], "high": [2], "names": ["torque"]}, "success": 90}}
///
/// Then each line that it is sent gets one in return:
///
///     {"reset": {"seed": 1}}   {"observation": [0.1, 0, 0, 0]}
///     {"action": 1}            {"observation": [0.1, 0, 0, 0], "reward": 1, "terminated": false, "truncated": false}
///     {"action": [0.5]}        {"observation": [0.1], "reward": -0.2, "terminated": false, "truncated": true}
///
/// The process ends when its input ends. What it writes to the standard error is not read. Copies share the process.
public struct ProcessEnvironment: Environment {
  /// Seconds that a process has for an answer where nothing else is said.
  public static let standardTimeout = 30.0
  /// The most steps of an episode where the process says nothing.
  static let standardStepLimit = 1000

  /// What is observed and what can be done.
  public let spaces: EnvironmentSpaces
  private let process: ChildProcess
  private let timeout: Double

  /// Starts a process.
  ///
  /// - Parameters:
  ///   - command: for the shell.
  ///   - timeout: seconds that it has for each answer.
  /// - Throws: ``EnvironmentError/cannotStart(environment:reason:)``.
  public init(command: String, timeout: Double = standardTimeout) throws(EnvironmentError) {
    self.timeout = timeout
    do throws(EnvironmentFault) {
      process = try ChildProcess(command: command)
      let answer = try process.line(within: timeout)
      guard case .object(let object) = try ProcessEnvironment.value(answer), let value = object["spaces"],
        let found = EnvironmentSpaces(value)
      else {
        throw EnvironmentFault(
          "its first line is \(ProcessEnvironment.shown(answer)), expected {\"spaces\": {\"observation\": {\"size\": n}, "
            + "\"action\": {\"count\": n}}}")
      }
      spaces = found
    } catch {
      throw .cannotStart(environment: command, reason: error.reason)
    }
  }

  /// Begins an episode. The seed that is sent has 31 bits.
  public func reset(seed: UInt64) throws(EnvironmentFault) -> [Float] {
    let answer = try ask("{\"reset\":{\"seed\":\(seed & 0x7fff_ffff)}}\n")
    return try observation(answer.object, answer.line)
  }

  /// Acts.
  public func step(_ action: [Float]) throws(EnvironmentFault) -> EnvironmentStep {
    let text =
      switch spaces.actions {
      case .discrete: "\(Int(action[0]))"
      case .continuous: "[" + action.map { "\($0)" }.joined(separator: ",") + "]"
      }
    let (object, line) = try ask("{\"action\":\(text)}\n")
    guard let reward = object["reward"].flatMap(ProcessEnvironment.number),
      case .bool(let isTerminated)? = object["terminated"],
      case .bool(let isTruncated) = object["truncated"] ?? .bool(false)
    else {
      throw EnvironmentFault(
        "the answer is \(ProcessEnvironment.shown(line)), expected an observation, a reward, terminated and truncated"
      )
    }
    return EnvironmentStep(
      observation: try observation(object, line), reward: reward, isTerminated: isTerminated,
      isTruncated: isTruncated)
  }

  private func ask(
    _ question: String
  ) throws(EnvironmentFault) -> (object: [String: JSONValue], line: [UInt8]) {
    try process.write(Array(question.utf8), within: timeout)
    let line = try process.line(within: timeout)
    guard case .object(let object) = try ProcessEnvironment.value(line) else {
      throw EnvironmentFault("the answer is \(ProcessEnvironment.shown(line)), expected an object of JSON")
    }
    return (object, line)
  }

  private func observation(
    _ object: [String: JSONValue], _ line: [UInt8]
  ) throws(EnvironmentFault) -> [Float] {
    guard case .list(let list)? = object["observation"] else {
      throw EnvironmentFault("the answer is \(ProcessEnvironment.shown(line)), expected an observation")
    }
    return list.map { ProcessEnvironment.number($0).map { Float($0) } ?? .nan }
  }

  // MARK: JSON

  private static func value(_ line: [UInt8]) throws(EnvironmentFault) -> JSONValue {
    guard let value = try? JSONValue(text: line) else {
      let text = String(decoding: line.prefix(1 << 16), as: UTF8.self)
      for word in ["NaN", "Infinity"] where text.contains(word) {
        throw EnvironmentFault("the answer is \(shown(line)), expected finite numbers and no \(word)")
      }
      throw EnvironmentFault("the answer is \(shown(line)), expected a line of JSON")
    }
    return value
  }

  /// A number; what Python writes for one that is not finite stands for that.
  private static func number(_ value: JSONValue) -> Double? {
    if case .number(let number) = value { return number }
    if case .null = value { return .nan }
    return nil
  }

  /// The beginning of a line.
  private static func shown(_ line: [UInt8]) -> String {
    let text = String(decoding: line.prefix(80), as: UTF8.self)
    return text + (line.count > 80 ? "..." : "")
  }
}

extension EnvironmentSpaces {
  /// The spaces that a process says it has; nil where it says none.
  fileprivate init?(_ value: JSONValue) {
    guard case .object(let object) = value, case .object(let seen)? = object["observation"],
      case .object(let done)? = object["action"]
    else { return nil }
    func texts(_ value: JSONValue?) -> [String]? {
      guard case .list(let list)? = value else { return nil }
      let texts = list.compactMap { if case .text(let text) = $0 { text } else { nil } }
      return texts.count == list.count ? texts : nil
    }
    func numbers(_ value: JSONValue?) -> [Float]? {
      guard case .list(let list)? = value else { return nil }
      let numbers = list.compactMap { if case .number(let number) = $0 { Float(number) } else { nil } }
      return numbers.count == list.count ? numbers : nil
    }
    func count(_ value: JSONValue?) -> Int? {
      guard case .number(let number)? = value else { return nil }
      return Int(exactly: number).flatMap { (1...1 << 16).contains($0) ? $0 : nil }
    }
    guard let names = texts(seen["names"]) ?? count(seen["size"]).map({ (1...$0).map { "o\($0)" } }) else {
      return nil
    }
    let actions: ActionSpace
    if let low = numbers(done["low"]), let high = numbers(done["high"]), low.count == high.count {
      let names = texts(done["names"]) ?? (1...max(low.count, 1)).map { "a\($0)" }
      guard names.count == low.count, zip(low, high).allSatisfy({ $0 < $1 }) else { return nil }
      actions = .continuous(low.indices.map { ActionBounds(names[$0], low[$0]...high[$0]) })
    } else {
      guard let names = texts(done["names"]) ?? count(done["count"]).map({ (0..<$0).map { "\($0)" } }) else {
        return nil
      }
      actions = .discrete(names)
    }
    var success: Double?
    if case .number(let number)? = object["success"] { success = number }
    self.init(
      observations: names, actions: actions,
      stepLimit: count(object["steps"]) ?? ProcessEnvironment.standardStepLimit, successReturn: success)
  }
}
