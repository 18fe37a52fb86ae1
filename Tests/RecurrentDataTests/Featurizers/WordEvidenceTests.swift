#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import RecurrentData
import RecurrentTestSupport
import Testing

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

  @Test func countsSpeakForClasses() throws {
    let (evidence, _) = WordEvidence.fit(texts, labels: labels, classCount: 2, vocabularySize: 4)
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
    let (_, features) = WordEvidence.fit(texts, labels: labels, classCount: 2, vocabularySize: 4)
    for index in texts.indices {
      var (others, otherLabels) = (texts, labels)
      others.remove(at: index)
      otherLabels.remove(at: index)
      // pairs that occur once are left out later, but not in training: twice as many texts keep them
      let (evidence, _) = WordEvidence.fit(others, labels: otherLabels, classCount: 2, vocabularySize: 4)
      let words = evidence.features(texts[index])
      for place in texts[index].indices { #expect(abs(features[index][2 * place] - words[2 * place]) < 1e-6) }
    }
    // the pair 3, 1 occurs in two texts: each of them sees the other
    #expect(features[2][5] > 0 && features[2][5] == features[3][5])
    #expect(features[0][0] < 0 && features[2][0] > 0)
  }

  @Test func severalClassesHaveANumberEach() {
    let (evidence, features) = WordEvidence.fit(
      [[0], [1], [2]], labels: [0, 1, 2], classCount: 3, vocabularySize: 3)
    #expect(evidence.featureCount == 6)
    let row = evidence.features([1])
    #expect(row[1] > 0 && row[0] < 0 && row[0] == row[2] && row[3...] == [0, 0, 0])
    // nothing is known about a word that no other text has
    #expect(features.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }

  @Test func comesBackFromAFile() throws {
    let (evidence, _) = WordEvidence.fit(texts, labels: labels, classCount: 2, vocabularySize: 4)
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
