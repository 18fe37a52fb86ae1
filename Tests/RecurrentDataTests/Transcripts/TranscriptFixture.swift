import RecurrentTestSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Error counts of jiwer and texts normalised by Python, made by `make_transcripts.py`.
struct TranscriptFixture: Decodable {
  struct Case: Decodable {
    var reference, hypothesis: String
    var wordErrors, characterErrors: Int
  }

  struct Text: Decodable {
    var text, normalized: String
  }

  var cases: [Case]
  var wordErrorRate: Double
  var texts: [Text]

  init() throws {
    self = try JSONDecoder().decode(TranscriptFixture.self, from: Data(fixture("transcripts.json")))
  }
}
