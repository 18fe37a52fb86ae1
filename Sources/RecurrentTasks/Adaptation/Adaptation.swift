import RecurrentReports

/// How a next-token model goes on learning from the text that it reads.
public enum AdaptationMethod: String, NamedSetting, Codable {
  /// Its weights follow the text: dynamic evaluation (Krause et al. 2018, arXiv:1709.07432).
  case dynamic
  /// It remembers what came where it stood as it stands now: a ``NeuralCache`` (Grave et al. 2017, arXiv:1612.04426).
  case cache
  /// Both.
  case both
}

/// The numbers of dynamic evaluation and of the cache. They are chosen on text that is not scored, and kept beside the model.
///
/// Each token is scored before anything is learnt from it. Behind each segment of T tokens, L the sum of their cross-entropies by T,
///
///     theta = theta + pull (theta_0 - theta) - rate dL / d theta        where the gradient is not zero
///
/// with the gradient of truncated backpropagation through the segment, from the state that was carried to its beginning. Of the
/// output layer tokens alone learn that come in the segment or are likely anywhere in it, with a probability of 0.0003.
public struct Adaptation: Sendable, Equatable, Codable {
  /// The numbers of dynamic evaluation.
  public struct Dynamic: Sendable, Equatable, Codable {
    /// The step size.
    public var rate: Double
    /// The share of the way back to the weights of the bundle in each step.
    public var pull: Double
    /// T: tokens that are learnt from at a time.
    public var segment: Int

    /// Numbers.
    public init(rate: Double, pull: Double, segment: Int) {
      (self.rate, self.pull, self.segment) = (rate, pull, segment)
    }
  }

  /// Dynamic evaluation.
  public var dynamic: Dynamic
  /// The cache by itself.
  public var cache: NeuralCache.Settings
  /// The cache beside dynamic evaluation, which knows much of the same.
  public var cacheBesideDynamic: NeuralCache.Settings

  /// Numbers.
  public init(dynamic: Dynamic, cache: NeuralCache.Settings, cacheBesideDynamic: NeuralCache.Settings) {
    (self.dynamic, self.cache, self.cacheBesideDynamic) = (dynamic, cache, cacheBesideDynamic)
  }

  /// What is done by a method.
  public func rule(_ method: AdaptationMethod) -> Rule {
    switch method {
    case .dynamic: Rule(dynamic: dynamic, cache: nil)
    case .cache: Rule(dynamic: nil, cache: cache)
    case .both: Rule(dynamic: dynamic, cache: cacheBesideDynamic)
    }
  }

  /// What is done while a text is read.
  public struct Rule: Sendable, Equatable, Codable {
    /// Dynamic evaluation; nil for none.
    public var dynamic: Dynamic?
    /// The cache; nil for none.
    public var cache: NeuralCache.Settings?

    /// What is done.
    public init(dynamic: Dynamic? = nil, cache: NeuralCache.Settings? = nil) {
      (self.dynamic, self.cache) = (dynamic, cache)
    }
  }
}

extension Adaptation.Rule {
  /// What is impossible, as a sentence; nil where nothing is.
  public var issue: String? {
    ValueIssue.found { () throws(ValueIssue) in
      if let dynamic {
        try ValueIssue.check("the rate of the adaptation", dynamic.rate, in: 0...1e6)
        try ValueIssue.check("the pull of the adaptation", dynamic.pull, in: 0...1)
        try ValueIssue.check("the segment of the adaptation", dynamic.segment, in: 1...1 << 16)
      }
      if let cache {
        try ValueIssue.check("the window of the cache", cache.window, in: 1...1 << 20)
        try ValueIssue.check("the flatness of the cache", cache.flatness, in: 0...1e6)
        try ValueIssue.check("the weight of the cache", cache.weight, in: 0...0.9999)
      }
    }
  }

  /// In words.
  var text: String {
    var parts: [String] = []
    if let dynamic {
      parts.append(
        "dynamic: rate \(dynamic.rate), pull \(dynamic.pull), segments of \(counted(dynamic.segment, "token"))"
      )
    }
    if let cache {
      parts.append(
        "cache: \(grouped(cache.window)) tokens, flatness \(cache.flatness), weight \(cache.weight)")
    }
    return parts.joined(separator: "; ")
  }
}

extension Adaptation {
  /// What is impossible, as a sentence; nil where nothing is.
  var issue: String? {
    AdaptationMethod.allCases.lazy.compactMap { rule($0).issue }.first
  }
}
