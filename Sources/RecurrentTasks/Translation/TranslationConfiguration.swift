/// The sizes of a translating network, and what is random in its training.
public struct TranslationConfiguration: Sendable, Equatable, Codable {
  /// E: the width of the token vectors, which are those of both languages and of the output.
  public var embeddingSize: Int
  /// Units of the encoder in each direction; the decoder has twice as many.
  public var hiddenSize: Int
  /// Layers of the encoder.
  public var layerCount: Int
  /// The dropout rate on token vectors, between layers and on what the encoder gives.
  public var dropoutRate: Float
  /// The dropout rate before the output.
  public var outputDropoutRate: Float
  /// The probability that a token of the source is left out, as a vector of zeros.
  public var wordDropoutRate: Float
  /// The probability that the loss spreads over all tokens.
  public var labelSmoothing: Float

  /// Sizes and rates.
  public init(
    embeddingSize: Int = 192, hiddenSize: Int = 160, layerCount: Int = 1, dropoutRate: Float = 0.2,
    outputDropoutRate: Float = 0.4, wordDropoutRate: Float = 0.1, labelSmoothing: Float = 0.1
  ) {
    (self.embeddingSize, self.hiddenSize, self.layerCount) = (embeddingSize, hiddenSize, layerCount)
    (self.dropoutRate, self.outputDropoutRate) = (dropoutRate, outputDropoutRate)
    (self.wordDropoutRate, self.labelSmoothing) = (wordDropoutRate, labelSmoothing)
  }

  /// The part that writes.
  var writer: TextDecoder.Configuration {
    TextDecoder.Configuration(
      embeddingSize: embeddingSize, hiddenSize: 2 * hiddenSize, memorySize: 2 * hiddenSize,
      dropoutRate: dropoutRate, outputDropoutRate: outputDropoutRate, labelSmoothing: labelSmoothing)
  }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("network.embeddingSize", embeddingSize, in: 1...1 << 16)
    try ValueIssue.check("network.hiddenSize", hiddenSize, in: 1...1 << 16)
    try ValueIssue.check("network.layerCount", layerCount, in: 1...64)
    for (key, rate) in [
      ("dropoutRate", dropoutRate), ("outputDropoutRate", outputDropoutRate),
      ("wordDropoutRate", wordDropoutRate), ("labelSmoothing", labelSmoothing),
    ] { try ValueIssue.check("network." + key, rate, in: 0...Float(1).nextDown) }
  }
}
