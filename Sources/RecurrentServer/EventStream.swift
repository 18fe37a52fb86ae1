#if Server
import NIOCore
import NIOHTTP1
import RecurrentServing

/// The answer to a completion: server-sent events as its pieces come, or one answer of all of them.
final class EventStream: Timed, @unchecked Sendable {
  private let schema: CompletionSchema
  private let server: HTTPServer
  private let loop: ServerLoop
  private let channel: any Channel
  private let finish: (HTTPAnswer?) -> Void
  private var pieces: [CompletionPiece] = []
  private var begun: Set<Int> = []
  private var ended = 0
  private var hasHead = false
  private var isOver = false
  var deadline = Double.infinity

  /// - Parameter finish: called once, with the answer, or with nil where it was written as events, but for their end.
  init(
    _ schema: CompletionSchema, _ server: HTTPServer, _ loop: ServerLoop, _ channel: any Channel,
    finish: @escaping (HTTPAnswer?) -> Void
  ) {
    (self.schema, self.server, self.loop, self.channel) = (schema, server, loop, channel)
    self.finish = finish
    loop.add(self)
  }

  func expire() { if !isOver { send(Array(": keepalive\n\n".utf8)) } }

  /// The client is gone.
  func end() {
    isOver = true
    loop.remove(self)
  }

  /// Takes an answer of the models.
  func take(_ answer: ServingAnswer) {
    guard !isOver else { return }
    switch answer {
    case .piece(let piece):
      if piece.end != nil { ended += 1 }
      let isLast = ended == schema.request.prompts.count * schema.request.choices
      guard schema.isStream else {
        pieces.append(piece)
        if isLast { close(HTTPAnswer(schema.whole(pieces))) }
        return
      }
      send(schema.event(piece, isFirst: begun.insert(piece.index).inserted))
      guard isLast else { return }
      if schema.includesUsage, let usage = piece.usage {
        send(CompletionSchema.event(schema.usageChunk(usage)))
      }
      send(Array("data: [DONE]\n\n".utf8))
      close(nil)
    case .failure(let error):
      guard hasHead else { return close(HTTPAnswer(error)) }
      send(CompletionSchema.event(SessionSchema.node(error)))
      close(nil)
    default: close(HTTPAnswer(ServingError(.fault, "the answer is of another kind")))
    }
  }

  private func close(_ answer: HTTPAnswer?) {
    end()
    finish(answer)
  }

  private func send(_ event: [UInt8]) {
    if !hasHead {
      hasHead = true
      let fields: HTTPHeaders = [
        "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache",
        "x-accel-buffering": "no", "x-content-type-options": "nosniff",
      ]
      channel.write(
        HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: fields)),
        promise: nil)
    }
    channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: event))), promise: nil)
    deadline = server.clock() + server.limits.silenceSeconds
  }
}
#endif
