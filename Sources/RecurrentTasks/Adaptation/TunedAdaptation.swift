import RecurrentReports

/// Numbers of an adaptation that were chosen, and what they reach on the text that chose them.
public struct TunedAdaptation: Sendable, Equatable, Encodable {
  /// The numbers.
  public var adaptation: Adaptation
  /// Tokens that chose them.
  public var tokenCount: Int
  /// The cross-entropy of a token in nats by the model as it is.
  public var plain: Double
  /// By dynamic evaluation, the cache, and both.
  public var dynamic, cache, both: Double

  init(adaptation: Adaptation, tokenCount: Int, plain: Double) {
    (self.adaptation, self.tokenCount, self.plain) = (adaptation, tokenCount, plain)
    (dynamic, cache, both) = (plain, plain, plain)
  }

  /// Lines for a terminal.
  public var lines: [String] {
    let header = "chosen by \(counted(tokenCount, "token")), which must not be scored afterwards:"
    let rows = AdaptationMethod.allCases.map { method -> String in
      let nats =
        switch method {
        case .dynamic: self.dynamic
        case .cache: cache
        case .both: both
        }
      return "\(method.rawValue)  \(rounded(nats, 4)) nats a token, as it is \(rounded(plain, 4))  "
        + "(\(adaptation.rule(method).text))"
    }
    return [header] + rows
  }
}
