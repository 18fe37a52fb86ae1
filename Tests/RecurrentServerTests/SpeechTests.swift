#if Server
import Recurrent
import RecurrentTestSupport
import Testing

@testable import RecurrentServer
@testable import RecurrentServing

/// Sound that comes in pieces and is written down meanwhile, with the messages that clients of Vosk and sherpa-onnx send.
@Suite(.serialized) struct SpeechTests {
  /// Tones with noise, at 8000 samples a second.
  private static func sound(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix(seed: seed)
    return (0..<count).map { place in
      Float(place / 800 % 2 * (place % 20 < 10 ? 1 : -1)) * 0.3
        + Float.random(in: -0.1...0.1, using: &generator)
    }
  }

  /// A network that nobody has trained: it says something, and always the same.
  private static let trained = Result { () throws -> TrainedTask<TranscriptionTask> in
    var settings = Settings()
    settings[.bands] = 16
    settings[.convolutions] = ["24x5/2"]
    (settings[.hidden], settings[.layers], settings[.dropout]) = (20, 1, 0)
    settings[.causal] = true
    let records = (0..<8).map { number in
      Record(
        .sound(Sound(rate: 8000, channels: [sound(8000, seed: UInt64(number))])), transcript: "a b c d")
    }
    let request = TaskRequest([DataSource(records, name: "sounds")], settings: settings)
    let plan = try TranscriptionTask.plan(request, progress: { _, _ in })
    return TrainedTask(plan.task, plan.task.makeModel(key: RandomKey(seed: 5)))
  }

  private func host() throws -> ModelHost {
    ModelHost(name: "speech", hash: "hash-of-speech", try SpeechTests.trained.get(), batchSize: 4)
  }

  private func begin(_ port: Int, _ query: String = "") throws -> RawClient {
    try RawClient.stream(port, query, path: SpeechSchema.path)
  }

  /// What the next message is sure of; nothing where it only has a guess.
  private func text(_ client: RawClient) throws -> String {
    let (opcode, bytes) = try client.frame()
    guard opcode == 1, case .object(let members) = try JSONValue(text: bytes) else {
      throw RawClient.Failure(reason: "frame \(opcode)")
    }
    switch (members["text"], members["partial"]) {
    case (.text(let text)?, nil): return text
    case (nil, .text?): return ""
    default: throw RawClient.Failure(reason: String(decoding: bytes, as: UTF8.self))
    }
  }

  /// All that the session alone is sure of.
  private func alone(_ samples: [Double]) throws -> String {
    var host = try host()
    return try host.withTable { table in
      let slot = table.open()
      let rows =
        try table.push([SlotLines(slot: slot, lines: .numbers(samples, width: samples.count))])[0].get()
        + table.finish(slot)
      return rows.compactMap { if case .text(let text)? = $0["stable"], !text.isEmpty { text } else { nil } }
        .joined(separator: " ")
    }
  }

  private func integers(_ samples: [Int16]) -> [UInt8] {
    samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  @Test func vosk() throws {
    let samples = SpeechTests.sound(9000, seed: 40).map { Int16($0 * 32767) }
    let expected = try alone(samples.map { Double($0) / 32768 })
    #expect(!expected.isEmpty)
    try Loopback.serving(with: [try host()]) { _, port in
      // two at a time hear nothing of each other
      let clients = try (0..<2).map { _ in try begin(port, "model=speech") }
      var texts = [[String]](repeating: [], count: 2)
      for client in clients { client.frame(1, Array(#"{"config" : {"sample_rate" : 8000.0}}"#.utf8)) }
      for start in stride(from: 0, to: samples.count, by: 1000) {
        for client in clients { client.frame(2, integers(Array(samples[start..<start + 1000]))) }
        for (number, client) in clients.enumerated() {
          texts[number].append(try text(client))
        }
      }
      for (number, client) in clients.enumerated() {
        client.frame(1, Array(#"{"eof" : 1}"#.utf8))
        texts[number].append(try text(client))
        #expect(texts[number].filter { !$0.isEmpty }.joined(separator: " ") == expected)
        #expect(try client.frame().opcode == 8)
      }
    }
  }

  @Test func sherpa() throws {
    let samples = SpeechTests.sound(9000, seed: 41)
    let expected = try alone(samples.map { Double($0) })
    try Loopback.serving(with: [try host()]) { _, port in
      // the only model of transcription needs no name
      let client = try begin(port)
      for start in stride(from: 0, to: samples.count, by: 3000) {
        client.frame(
          2, samples[start..<start + 3000].flatMap { own in withUnsafeBytes(of: own) { Array($0) } })
        _ = try text(client)
      }
      client.frame(1, Array("Done".utf8))
      #expect(try text(client) == expected)
      #expect(try client.frame() == (1, Array("Done!".utf8)))
      #expect(try client.frame().opcode == 8)
    }
  }

  private func members(_ client: RawClient) throws -> [String: JSONValue] {
    guard case .object(let members) = try JSONValue(text: try client.frame().bytes) else { return [:] }
    return members
  }

  /// Words come with their times where they are asked for: those of the texts, one after the other, within what was heard.
  @Test func words() throws {
    let samples = SpeechTests.sound(12000, seed: 42).map { Int16($0 * 32767) }
    try Loopback.serving(with: [try host()]) { _, port in
      let (vosk, plain, sherpa) = (try begin(port), try begin(port), try begin(port))
      vosk.frame(1, Array(#"{"config":{"sample_rate":8000,"words":true}}"#.utf8))
      plain.frame(1, Array(#"{"config":{"sample_rate":8000}}"#.utf8))
      var (texts, words, last) = ([String](), [String](), 0.0)
      for start in stride(from: 0, through: samples.count, by: 2000) {
        let part = Array(samples[start..<min(start + 2000, samples.count)])
        let heard = Double(start + part.count) / 8000
        for client in [vosk, plain] {
          client.frame(part.isEmpty ? 1 : 2, part.isEmpty ? Array(#"{"eof" : 1}"#.utf8) : integers(part))
        }
        #expect(try members(plain)["result"] == nil)
        let own = try members(vosk)
        if case .text(let text)? = own["text"], !text.isEmpty { texts.append(text) }
        guard case .list(let result)? = own["result"] else { continue }
        for case .object(let word) in result {
          guard case .text(let text)? = word["word"], case .number(let from)? = word["start"],
            case .number(let to)? = word["end"], case .number(let confidence)? = word["conf"]
          else { throw RawClient.Failure(reason: "\(word)") }
          words.append(text)
          // the windows of the features are centred: the last one goes up to 10 ms beyond the samples
          #expect(from <= to && to <= heard + 0.0101, "\(from) to \(to) of \(heard)")
          #expect((0...1).contains(confidence))
          #expect(from >= last)
          last = to
        }
      }
      #expect(words.joined(separator: " ") == texts.joined(separator: " ") && words.count > 2)
      sherpa.frame(
        2,
        samples.flatMap { own in withUnsafeBytes(of: Float(own) / 32768) { Array($0) } })
      _ = try members(sherpa)
      sherpa.frame(1, Array("Done".utf8))
      let whole = try members(sherpa)
      guard case .list(let tokens)? = whole["tokens"], case .list(let times)? = whole["timestamps"] else {
        throw RawClient.Failure(reason: "\(whole)")
      }
      #expect(tokens == words.map { .text($0) } && times.count == tokens.count)
    }
  }

  /// Sound at another rate is resampled; what cannot be heard is refused, and the server goes on.
  @Test func refusals() throws {
    try Loopback.serving(with: [try host()]) { server, port in
      let fast = try begin(port)
      fast.frame(1, Array(#"{"config":{"sample_rate":16000}}"#.utf8))
      fast.frame(2, [UInt8](repeating: 0, count: 8000))
      _ = try text(fast)
      for (query, first) in [
        ("model=text", "{\"config\":{}}"), ("model=speech", "{\"config\":{\"sample_rate\":1}}"),
      ] {
        let client = try begin(port, query)
        client.frame(1, Array(first.utf8))
        client.frame(2, [0, 0])
        #expect(String(decoding: try client.frame().bytes, as: UTF8.self).hasPrefix("{\"error\""), "\(query)")
        #expect(try client.frame().opcode == 8)
      }
      let strange = try begin(port)
      for (opcode, bytes) in [(1, Array("{\"x\":1}".utf8)), (1, Array("x".utf8)), (2, [1])]
        as [(UInt8, [UInt8])]
      {
        strange.frame(opcode, bytes)
        #expect(String(decoding: try strange.frame().bytes, as: UTF8.self).hasPrefix("{\"error\""))
      }
    }
  }
}
#endif
