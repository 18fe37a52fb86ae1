#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@testable import RecurrentDecoding

#if canImport(Glibc)
import Glibc
#endif

/// All paths of a tiny problem, one after the other.
struct BruteForce {
  /// What is found of a text.
  struct Text {
    /// The logarithm of the sum of all paths.
    var score = -Double.infinity
    /// The likeliest path.
    var bestPath: [Int] = []
    var bestScore = -Double.infinity
  }

  private(set) var texts: [String: Text] = [:]

  /// Sums over the paths of frames, each with the weight of its tokens.
  init(_ logits: [Float], _ units: OutputUnits, weight: ([Int32]) -> Double = { _ in 0 }) {
    let width = units.count
    let frames = logits.count / width
    let scores = (0..<frames).map { frame -> [Double] in
      let own = logits[(frame * width)..<((frame + 1) * width)].map { Double($0) }
      let sum = log(own.reduce(0) { $0 + exp($1) })
      return own.map { $0 - sum }
    }
    var path = [Int](repeating: 0, count: frames)
    func visit(_ frame: Int, _ score: Double) {
      guard frame < frames else {
        let tokens = BruteForce.tokens(path, blank: units.blank)
        add(BruteForce.text(tokens, units), path, score + weight(tokens))
        return
      }
      for output in 0..<width {
        path[frame] = output
        visit(frame + 1, score + scores[frame][output])
      }
    }
    visit(0, 0)
  }

  private mutating func add(_ text: String, _ path: [Int], _ score: Double) {
    var own = texts[text] ?? Text()
    let larger = max(own.score, score)
    own.score = larger == -.infinity ? larger : larger + log(exp(own.score - larger) + exp(score - larger))
    if score > own.bestScore { (own.bestScore, own.bestPath) = (score, path) }
    texts[text] = own
  }

  /// The tokens of a path.
  static func tokens(_ path: [Int], blank: Int) -> [Int32] {
    path.indices.filter { path[$0] != blank && ($0 == 0 || path[$0] != path[$0 - 1]) }.map { Int32(path[$0]) }
  }

  /// The text of tokens, put together as strings.
  static func text(_ tokens: [Int32], _ units: OutputUnits) -> String {
    var text = ""
    for token in tokens {
      let output = units.outputs[Int(token)]
      text += (output.beginsWord ? " " : "") + String(decoding: output.bytes, as: UTF8.self)
      if output.endsWord { text += " " }
    }
    return text.split(separator: " ").joined(separator: units.joiner)
  }

  /// The texts with what a scorer adds, the best first; those that it refuses are left out.
  func ranked(_ scorer: (String) -> Double = { _ in 0 }) -> [(text: String, score: Double)] {
    texts.map { (text: $0.key, score: $0.value.score + scorer($0.key)) }
      .filter { $0.score > -.infinity }
      .sorted { $0.score > $1.score }
  }
}
