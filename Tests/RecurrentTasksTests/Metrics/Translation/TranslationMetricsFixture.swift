import RecurrentTestSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Odd lines with the scores of sacrebleu, made by `make_translation_metrics.py`.
struct TranslationMetricsFixture: Decodable {
  struct BLEUCase: Decodable {
    var nrefs: Int
    var tokenizer, smoothing: String
    var value: Double?
    var score: Double
    var precisions: [Double]
    var penalty: Double
    var lengths: [Int]
    var line: String
    var sentences: [Double]?
    var sentenceSignature: String?
  }

  struct CHRFCase: Decodable {
    var nrefs, words: Int
    var score: Double
    var line: String
    var sentences: [Double]
  }

  struct ShortCase: Decodable {
    var hypothesis, reference, smoothing: String
    var score: Double
    var precisions: [Double]
    var penalty: Double
    var line: String
  }

  var lines: [[String]]
  var texts: [String]
  var tokens: [String: [[String]]]
  var bleu: [BLEUCase]
  var chrf: [CHRFCase]
  var short: [ShortCase]

  init() throws {
    self = try JSONDecoder().decode(
      TranslationMetricsFixture.self, from: Data(fixture("translation_metrics.json")))
  }

  var hypotheses: [String] { lines.map { $0[0] } }

  func references(_ count: Int) -> [[String]] { lines.map { Array($0[1..<1 + count]) } }
}
