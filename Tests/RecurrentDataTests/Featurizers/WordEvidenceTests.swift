#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import RecurrentTestSupport
import Testing

@testable import RecurrentData

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

@Suite struct WordEvidenceTests {
  /// 1 speaks for class 0, 2 for class 1, 3 for neither; 3 before 1 speaks for class 1.
  private let texts: [[Int32]] = [[1, 3], [1, 3], [2, 3, 1], [2, 3, 1], [3]]
  private let labels = [0, 0, 1, 1, 1]

  private func fit(
    _ texts: [[Int32]], labels: [Int], classCount: Int, vocabularySize: Int
  ) -> (evidence: WordEvidence, features: [[Float]]) {
    var fit = WordEvidence.Fit(classCount: classCount, vocabularySize: vocabularySize)
    for (text, label) in zip(texts, labels) { fit.count(text, label: label) }
    fit.keepFrequentPairs()
    for (index, text) in texts.enumerated() { fit.countPairs(text, label: labels[index], index: index) }
    let own = fit.evidence
    return (own, texts.enumerated().map { own.trainingFeatures($1, index: $0) })
  }

  @Test func countsSpeakForClasses() throws {
    let (evidence, _) = fit(texts, labels: labels, classCount: 2, vocabularySize: 4)
    #expect(evidence.featureCount == 2)
    func half(_ first: Float, _ second: Float) -> Double {
      // half of the difference of the ratios of class 1 and class 0, of 3 and 2 texts
      Double(log((second + 1) / 5) - log((first + 1) / 4)) / 2
    }
    let features = evidence.features([2, 3, 1, 0]).map { Double($0) }
    let expected = [half(0, 2), 0, half(2, 3), half(0, 2), half(2, 2), half(0, 2), 0, 0]
    try requireClose(features, expected, relative: 1e-5, absolute: 0, "features")
    #expect(evidence.features([]) == [] && evidence.features([1000]) == [0, 0])
  }

  /// A text gets numbers from texts outside its tenth: with one text in each, from the others.
  @Test func trainingTextsDoNotSeeThemselves() throws {
    let (_, features) = fit(texts, labels: labels, classCount: 2, vocabularySize: 4)
    for index in texts.indices {
      var (others, otherLabels) = (texts, labels)
      others.remove(at: index)
      otherLabels.remove(at: index)
      // pairs that occur once are left out later, but not in training: twice as many texts keep them
      let (evidence, _) = fit(others, labels: otherLabels, classCount: 2, vocabularySize: 4)
      let words = evidence.features(texts[index])
      for place in texts[index].indices { #expect(abs(features[index][2 * place] - words[2 * place]) < 1e-6) }
    }
    // the pair 3, 1 occurs in two texts: each of them sees the other
    #expect(features[2][5] > 0 && features[2][5] == features[3][5])
    #expect(features[0][0] < 0 && features[2][0] > 0)
  }

  /// Each text against counts of all texts outside its tenth, made anew for it.
  @Test(arguments: [2, 3, 12])
  func trainingFeaturesAreThoseOfTheOtherTenths(_ classCount: Int) {
    let key = RandomKey(seed: 5)
    let texts = (0..<150).map { index in
      key.child(index).uniforms(index % 9).map { Int32($0 * $0 * 12) }
    }
    let labels = (0..<150).map { ($0 * 7 + $0 / 11) % classCount }
    let (evidence, features) = fit(texts, labels: labels, classCount: classCount, vocabularySize: 12)
    for index in texts.indices {
      let others = texts.indices.filter { $0 % 10 != index % 10 }
      func ratios(_ has: ([Int32]) -> Bool) -> [Float] {
        let counts = (0..<classCount).map { label in
          Float(others.count { labels[$0] == label && has(texts[$0]) })
        }
        let totals = (0..<classCount).map { label in Float(others.count { labels[$0] == label }) }
        let isSeen = counts.contains { $0 > 0 }
        let ratios = isSeen ? zip(counts, totals).map { log(($0 + 1) / ($1 + 2)) } : counts
        let mean = ratios.reduce(0, +) / Float(classCount)
        return classCount == 2 ? [ratios[1] - mean] : ratios.map { $0 - mean }
      }
      var expected: [Float] = []
      for (place, token) in texts[index].enumerated() {
        expected += ratios { $0.contains(token) }
        let before = place > 0 ? texts[index][place - 1] : -1
        expected += ratios { text in zip(text, text.dropFirst()).contains { $0 == before && $1 == token } }
      }
      #expect(features[index] == expected)
    }
    #expect(features != texts.map { evidence.features($0) })
  }

  @Test func severalClassesHaveANumberEach() {
    let (evidence, features) = fit(
      [[0], [1], [2]], labels: [0, 1, 2], classCount: 3, vocabularySize: 3)
    #expect(evidence.featureCount == 6)
    let row = evidence.features([1])
    #expect(row[1] > 0 && row[0] < 0 && row[0] == row[2] && row[3...] == [0, 0, 0])
    // nothing is known about a word that no other text has
    #expect(features.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }

  @Test func comesBackFromAFile() throws {
    let (evidence, _) = fit(texts, labels: labels, classCount: 2, vocabularySize: 4)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(evidence)
    #expect(try JSONDecoder().decode(WordEvidence.self, from: data) == evidence)
    #expect(try encoder.encode(evidence) == data)
    for (part, other) in [
      ("\"classCount\":2", "\"classCount\":3"), ("\"classCount\":2", "\"classCount\":0"),
      ("\"texts\":[", "\"texts\":[1,"),
    ] {
      let text = String(decoding: data, as: UTF8.self).replacing(part, with: other)
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(WordEvidence.self, from: Data(text.utf8))
      }
    }
  }
}
