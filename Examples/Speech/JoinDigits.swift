// Joins recordings of single digits to spoken numbers with their transcripts:
// `swift Examples/Speech/JoinDigits.swift Examples/Data/digits numbers`. The same program makes the same files.
import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A recording of one digit.
struct Take {
  var word: String
  var speaker: String
  /// Of 16 bits, little-endian.
  var samples: [UInt8]
}

/// Samples a second, of all recordings.
let rate = 8000

func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("JoinDigits: \(message)\n".utf8))
  exit(1)
}

func bytes(_ value: Int, count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }

/// A WAVE file of one channel of 16 bits.
func wave(_ samples: [UInt8]) -> Data {
  let format = bytes(1, count: 2) + bytes(1, count: 2) + bytes(rate, count: 4) + bytes(2 * rate, count: 4)
  return Data(
    Array("RIFF".utf8) + bytes(36 + samples.count, count: 4) + Array("WAVEfmt ".utf8) + bytes(16, count: 4)
      + format
      + bytes(2, count: 2) + bytes(16, count: 2) + Array("data".utf8) + bytes(samples.count, count: 4)
      + samples)
}

guard CommandLine.arguments.count == 3 else {
  fail("expected two folders: that of the digits, and one to write the numbers to")
}
let (digits, numbers) = (
  URL(filePath: CommandLine.arguments[1], directoryHint: .isDirectory),
  URL(filePath: CommandLine.arguments[2], directoryHint: .isDirectory)
)

// takes 0 and 1 of each digit are tested with, take 9 validates
var takes: [String: [Take]] = [:]
let labels = try String(contentsOf: digits.appending(path: "labels.csv"), encoding: .utf8)
for line in labels.split(separator: "\n").dropFirst() {
  let fields = line.split(separator: ",").map(String.init)
  let file = try Data(contentsOf: digits.appending(path: fields[0]))
  guard file.count > 44, Array(file[36..<40]) == Array("data".utf8) else {
    fail("\(fields[0]): expected plain WAVE")
  }
  let part = fields[3] == "train" && fields[0].hasSuffix("_9.wav") ? "valid" : fields[3]
  takes[part, default: []].append(Take(word: fields[1], speaker: fields[2], samples: Array(file[44...])))
}

var random = Generator(state: 1)
var (transcripts, words) = ("file\tsplit\tspeaker\ttext\n", "file,word,start_s,end_s\n")
try FileManager.default.createDirectory(at: numbers.appending(path: "wav"), withIntermediateDirectories: true)
for (part, count) in [("train", 400), ("valid", 40), ("test", 60)] {
  let speakers = Set(takes[part]!.map(\.speaker)).sorted()
  for number in 1...count {
    let speaker = speakers[number % speakers.count]
    let own = takes[part]!.filter { $0.speaker == speaker }
    let name = "wav/\(part)-\(number).wav"
    var (samples, text): ([UInt8], [String]) = ([], [])
    for _ in 0..<Int.random(in: 2...6, using: &random) {
      let take = own.randomElement(using: &random)!
      if !text.isEmpty {
        samples += [UInt8](repeating: 0, count: 2 * Int.random(in: 0...rate / 5, using: &random))
      }
      let start = Double(samples.count / 2) / Double(rate)
      samples += take.samples
      let end = Double(samples.count / 2) / Double(rate)
      text.append(take.word)
      words += String(format: "%@,%@,%.3f,%.3f\n", name, take.word, start, end)
    }
    try wave(samples).write(to: numbers.appending(path: name))
    transcripts += "\(name)\t\(part)\t\(speaker)\t\(text.joined(separator: " "))\n"
  }
}
try transcripts.write(to: numbers.appending(path: "transcripts.tsv"), atomically: true, encoding: .utf8)
try words.write(to: numbers.appending(path: "words.csv"), atomically: true, encoding: .utf8)
print("500 numbers of two to six digits in \(CommandLine.arguments[2])")
