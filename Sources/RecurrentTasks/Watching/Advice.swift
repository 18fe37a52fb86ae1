import RecurrentReports

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What was measured in a network or a training that is not as it should be, and what helps.
public struct Advice: Sendable, Equatable, Encodable {
  /// What is wrong.
  public enum Kind: String, Sendable, Encodable {
    /// Errors do not reach far enough back.
    case vanishing
    /// Errors grow on their way back.
    case exploding
    /// Units are zero whatever is read.
    case dead
    /// Units are nearly always 1 or -1.
    case saturated
    /// The gate that keeps the state is not open enough.
    case forgetBias = "forget-bias"
    /// Most gradients are cut.
    case clipping
    /// The loss rises again.
    case learningRate = "learning-rate"
  }

  /// A setting to change.
  public struct Remedy: Sendable, Equatable, Encodable {
    /// Its name.
    public var setting: String
    /// To what.
    public var value: String
  }

  /// What is wrong.
  public var kind: Kind
  /// What was measured, as a sentence.
  public var finding: String
  /// The number in it.
  public var value: Double
  /// What helps, the likeliest first.
  public var remedies: [Remedy]

  /// The advice in one line.
  ///
  /// - Parameter areFlags: whether settings are written as flags of the command line, and not in backticks.
  public func line(areFlags: Bool) -> String {
    guard !remedies.isEmpty else { return finding }
    let words = remedies.map { (areFlags ? "--\($0.setting)" : "`\($0.setting)`") + " \($0.value)" }
    return "\(finding); try \(words.joined(separator: " or "))"
  }

  /// The same without settings that a task does not have.
  func only(_ settings: Set<String>) -> Advice {
    var copy = self
    copy.remedies = remedies.filter { settings.contains($0.setting) }
    return copy
  }

  /// Above this share of steps clipping is no exception any more.
  static let oftenClipped = 0.5
  /// Above this share of their values units are stuck at their bounds.
  static let oftenSaturated = 0.5
  /// Above this share of units dead ones are worth a word.
  static let manyDead = 0.05

  /// What cells say.
  public static func all(of cells: [CellHealth]) -> [Advice] {
    Dictionary(grouping: cells, by: \.reading).sorted { $0.key < $1.key }.flatMap { vanishing($0.value) }
      + cells.flatMap { [exploding($0), dead($0), saturated($0)].compactMap { $0 } }
  }

  /// Errors of a layer that are lost before they are back at the beginning; where they come in at many steps, those that are lost
  /// within a quarter of the sequence. An error that gets through one of several cells is not lost.
  private static func vanishing(_ cells: [CellHealth]) -> [Advice] {
    let known = cells.filter { $0.reach.byLag.count > 8 && $0.reach.explosion == nil }
    guard let best = known.max(by: { ($0.reach.memory ?? .max) < ($1.reach.memory ?? .max) }),
      known.count == cells.count, let memory = best.reach.memory
    else { return [] }
    let last = best.reach.byLag.count - 1
    if !best.isLossAtEnd, memory > last / 4 { return [] }
    let rest = best.reach.byLag[last]
    let isLost = best.isLossAtEnd && !best.reach.carries(over: last)
    var finding =
      "\(best.name): gradients vanish, after \(counted(memory, "step")) less than 1 % is left and after \(last) "
      + significant(rest, 2)
    if isLost { finding += ": what stands at the beginning is not learnt" }
    var remedies: [Remedy] = []
    if let gate = best.keepingGate {
      // as long a memory as the sequence: sigmoid(b)^T = 1 / e
      let bias = log(Double(max(last, 2)))
      guard gate.mean < 1 / (1 + exp(-bias)) - 0.02 else {
        return [Advice(kind: .vanishing, finding: finding, value: Double(memory), remedies: [])]
      }
      finding += "; the \(gate.name) gate is at \(rounded(gate.mean, 2)) on average"
      remedies.append(Remedy(setting: "forget-bias", value: rounded(bias, 1)))
      return [Advice(kind: .forgetBias, finding: finding, value: gate.mean, remedies: remedies)]
    }
    if best.cell == "Elman" { remedies.append(Remedy(setting: "cell", value: "lstm or gru")) }
    return [Advice(kind: .vanishing, finding: finding, value: Double(memory), remedies: remedies)]
  }

  private static func exploding(_ cell: CellHealth) -> Advice? {
    guard let explosion = cell.reach.explosion else { return nil }
    return Advice(
      kind: .exploding,
      finding:
        "\(cell.name): gradients explode, \(counted(explosion, "step")) back they are \(significant(cell.reach.byLag[explosion], 2)) "
        + "times as large",
      value: Double(explosion),
      remedies: [
        Remedy(setting: "clip-norm", value: "1 or less"), Remedy(setting: "learning-rate", value: "lower"),
        Remedy(setting: "initialization", value: "orthogonal"),
      ])
  }

  private static func dead(_ cell: CellHealth) -> Advice? {
    let share = Double(cell.deadCount) / Double(max(cell.size, 1))
    guard cell.deadCount > 0, share > manyDead else { return nil }
    return Advice(
      kind: .dead,
      finding: "\(cell.name): \(grouped(cell.deadCount)) of them are zero at every step", value: share,
      remedies: [
        Remedy(setting: "learning-rate", value: "lower"),
        Remedy(setting: "activation", value: "leaky-relu:0.01"),
      ])
  }

  private static func saturated(_ cell: CellHealth) -> Advice? {
    guard let share = cell.saturated, share > oftenSaturated else { return nil }
    return Advice(
      kind: .saturated,
      finding:
        "\(cell.name): \(percent(share)) of the values lie beyond ±\(CellHealth.saturation), where hardly a gradient gets through",
      value: share, remedies: [Remedy(setting: "learning-rate", value: "lower")])
  }
}
