#if Server
import NIOCore
import NIOHTTP1
import RecurrentServing

/// A recording that is written down while it comes, as clients of Vosk and sherpa-onnx send it; see ``SpeechSchema``.
final class SpeechHandler: SocketHandler, @unchecked Sendable {
  private var schema = SpeechSchema()
  /// The name of the session, which no other one can have.
  private let session: String
  private var hasBegun = false
  private var rate: Double?

  override init(_ server: HTTPServer, _ loop: ServerLoop, _ channel: any Channel, _ head: HTTPRequestHead) {
    session = "speech:\(UInt64.random(in: 0 ... .max))"
    super.init(server, loop, channel, head)
  }

  override func take(_ bytes: [UInt8], isText: Bool) {
    do throws(ServingError) {
      switch isText ? try schema.read(text: bytes) : try schema.read(samples: bytes) {
      case .rate(let own): rate = own
      case .samples(let samples):
        listen()
        guard !samples.isEmpty else { return answer(StoredRows.rows([]), isEnd: false) }
        ask(.push(id: session, lines: .numbers(samples, width: samples.count), position: nil)) {
          self.answer($0, isEnd: false)
        }
      case .reset:
        listen()
        ask(.reset(id: session)) { self.answer($0, isEnd: true) }
      case .end:
        listen()
        ask(.reset(id: session)) { answer in
          self.answer(answer, isEnd: true)
          self.close(1000)
        }
      }
    } catch {
      say(error)
    }
  }

  /// Begins the session, before its first samples: only then their rate is known.
  private func listen() {
    guard !hasBegun else { return }
    hasBegun = true
    let name = question.query["model"] ?? server.routes.onlyTranscriber
    guard let name, let model = server.routes.models[name], model.transcribes else {
      return fail(
        ServingError(
          .malformed,
          "the address names no model of transcription: \(SpeechSchema.path)?model=NAME, found \(name ?? "none")",
          parameter: "model"))
    }
    ask(.listen(id: session, model: name, rate: rate)) { answer in
      if case .failure(let error) = answer { self.fail(error) }
      // the client may have gone before
      if !self.channel.isActive { self.end() }
    }
  }

  override func end() {
    guard hasBegun else { return }
    loop.submit(ServingRequest(.close(id: session), time: server.clock()) { _ in })
  }

  private func answer(_ answer: ServingAnswer, isEnd: Bool) {
    guard !isClosing else { return }
    switch answer {
    case .rows(let rows, _): self.answer(rows, isEnd: isEnd)
    case .failure(let error): say(error)
    default: close(1011)
    }
  }

  private func answer(_ rows: StoredRows, isEnd: Bool) {
    for text in schema.answers(rows, isEnd: isEnd) { write(.text, text) }
  }
}
#endif
