/// How a text is found in what a network says of frames.
public struct TranscriptSearch: Sendable, Equatable, Codable {
  /// Hypotheses that are kept from frame to frame.
  public var beam: Int
  /// Hypotheses that are given.
  public var best: Int
  /// A word is decided so many frames after it has ended in the best hypothesis, in recordings as in streams: memory stays
  /// bounded. Nil for never.
  public var commitFrames: Int?

  /// A search.
  public init(beam: Int = 32, best: Int = 1, commitFrames: Int? = nil) {
    (self.beam, self.best, self.commitFrames) = (beam, best, commitFrames)
  }

  /// What a search looks at.
  var settings: CTCSearchSettings { CTCSearchSettings(beamWidth: beam, commitAfter: commitFrames) }

  /// Throws where the values are impossible.
  func check() throws(ValueIssue) {
    try ValueIssue.check("search.beam", beam, in: 1...1 << 16)
    try ValueIssue.check("search.best", best, in: 1...1 << 16)
    if let commitFrames { try ValueIssue.check("search.commitFrames", commitFrames, in: 1...1 << 40) }
  }
}
