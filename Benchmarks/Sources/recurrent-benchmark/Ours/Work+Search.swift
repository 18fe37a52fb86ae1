import Foundation
import Recurrent

/// A language of made-up words with its n-gram model. Everybody makes the same from the shared numbers
/// (`Benchmarks/peers/pyctcdecode_peer.py`).
private struct MadeUpSpeech {
  /// The blank, the space and the letters.
  static let classCount = 28

  let text: [[String]]
  let arpa: String

  init(words: Int, order: Int) {
    text = MadeUpSpeech.text(MadeUpSpeech.words(words))
    arpa = MadeUpSpeech.model(text, order: order)
  }

  /// The outputs of a network that has heard the text as far as whole words fit, `[T, 28]`: three frames for each character, one
  /// of them its own.
  func outputs(steps: Int) -> [Float] {
    var spoken = ""
    for word in text.joined() {
      let longer = spoken.isEmpty ? word : spoken + " " + word
      guard longer.utf8.count <= steps / 3 else { break }
      spoken = longer
    }
    let classes = spoken.utf8.map { $0 == UInt8(ascii: " ") ? 1 : Int($0 - UInt8(ascii: "a")) + 2 }
    var values = SharedNumbers.tensor("outputs", shape: [steps, Self.classCount], bound: 3).scalars
    let doubts = SharedNumbers.tokens("doubts", shape: [steps], vocabulary: 4).values
    for frame in 0..<steps {
      let own = frame % 3 == 1 && frame / 3 < classes.count ? classes[frame / 3] : 0
      // sure of three frames in four
      values[frame * Self.classCount + own] += doubts[frame] == 0 ? 6 : 12
      // pyctcdecode takes a text with a space behind it for one that ends in an unknown word
      if frame / 3 >= classes.count - 1 { values[frame * Self.classCount + 1] = -30 }
    }
    return values
  }

  /// Different words of three to eight letters.
  private static func words(_ count: Int) -> [String] {
    let sizes = SharedNumbers.tokens("sizes", shape: [count], vocabulary: 6).values
    let letters = SharedNumbers.tokens("letters", shape: [count, 8], vocabulary: 26).values
    var (seen, words) = (Set<String>(), [String]())
    for word in 0..<count {
      let bytes = letters[word * 8..<word * 8 + 3 + Int(sizes[word])].map { UInt8(ascii: "a") + UInt8($0) }
      let text = String(decoding: bytes, as: UTF8.self)
      if seen.insert(text).inserted { words.append(text) }
    }
    return words
  }

  /// 2,000 sentences of ten words; the first words are the commonest.
  private static func text(_ words: [String]) -> [[String]] {
    let first = SharedNumbers.tokens("first", shape: [20_000], vocabulary: words.count).values
    let second = SharedNumbers.tokens("second", shape: [20_000], vocabulary: words.count).values
    return (0..<2_000).map { sentence in
      (sentence * 10..<sentence * 10 + 10).map { words[Int(first[$0]) * Int(second[$0]) / words.count] }
    }
  }

  /// A file of the n-grams of the text with made-up probabilities.
  private static func model(_ text: [[String]], order: Int) -> String {
    var sections = ""
    var counts = "\n\\data\\\n"
    for size in 1...order {
      var (seen, grams) = (Set<String>(), size == 1 ? ["<unk>", "<s>", "</s>"] : [])
      for sentence in text {
        let words = size == 1 ? sentence : ["<s>"] + sentence + ["</s>"]
        for start in 0...words.count - size {
          let gram = words[start..<start + size].joined(separator: " ")
          if seen.insert(gram).inserted { grams.append(gram) }
        }
      }
      let scores = SharedNumbers.tokens("scores\(size)", shape: [grams.count], vocabulary: 20_000).values
      let backOffs = SharedNumbers.tokens("backoffs\(size)", shape: [grams.count], vocabulary: 10_000).values
      counts += "ngram \(size)=\(grams.count)\n"
      sections += "\n\\\(size)-grams:\n"
      for (index, gram) in grams.enumerated() {
        // longer ones are likelier
        let score = 5_000 + Int(scores[index]) + 20_000 * (order - size)
        sections += "-\(score / 10_000).\(decimals(score % 10_000))\t\(gram)"
        sections += size < order ? "\t-0.\(decimals(Int(backOffs[index])))\n" : "\n"
      }
    }
    return counts + sections + "\n\\end\\\n"
  }

  private static func decimals(_ number: Int) -> String { String(String(10_000 + number).dropFirst()) }
}

/// The outputs of a network of characters.
private struct Characters: OutputTokens {
  let count = MadeUpSpeech.classCount - 1
  let unknownID: Int32? = nil

  func bytes(of id: Int32) -> [UInt8]? {
    guard (0..<Int32(count)).contains(id) else { return nil }
    return [id == 0 ? UInt8(ascii: " ") : UInt8(ascii: "a") + UInt8(id - 1)]
  }
}

extension Work {
  /// The ten best texts by a network and an n-gram model with the weights 0.5 and 1.5; no other words than those of the model. The
  /// best one is compared; its score is that of the paths which are left, and others are here.
  static func search(_ problem: Problem) -> Work {
    let speech = MadeUpSpeech(words: problem["words"], order: problem["order"])
    let logits = speech.outputs(steps: problem["T"])
    do {
      let model = try NGramModel(bytes: Array(speech.arpa.utf8))
      let units = try OutputUnits(spelling: Characters(), blank: .first)
      let marks: Set = ["<unk>", "<s>", "</s>"]
      let known = (0..<Int32(model.vocabularyCount)).compactMap { model.word(of: $0) }.filter {
        !marks.contains($0)
      }
      let scorer = LexicalScorer(
        units: units, list: WordTrie(known), words: model, alpha: 0.5, beta: 1.5, unknownWords: .refused)
      // pruned as pyctcdecode prunes
      let settings = CTCSearchSettings(beamWidth: problem["beam"], beamThreshold: 10, tokenFloor: -5)
      let search = CTCSearch(units: units, scorer: scorer, settings: settings)
      func decode() -> [DecodedHypothesis] { (try? search.decode(logits, best: 10)) ?? [] }
      return Work(
        run: { milliseconds { _ = decode() } },
        check: { decode().first.map { ["text": Double(fingerprint($0.text))] } ?? [:] })
    } catch {
      fatalError("the made-up model cannot be read: \(error)")
    }
  }

  /// The FNV-1a hash of a text, 24 bits of it.
  private static func fingerprint(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } >> 40
  }
}
