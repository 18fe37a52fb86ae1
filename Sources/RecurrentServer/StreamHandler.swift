#if Server
import NIOCore
import NIOHTTP1
import RecurrentServing

/// One stream over WebSocket: a session whose steps come as messages, each answered in its order.
final class StreamHandler: SocketHandler, @unchecked Sendable {
  private let answersBinary: Bool
  /// Numbers of a step, where it is a list of so many.
  private let inputSize: Int?
  /// The session, once it is there.
  private var session: String?
  /// Whether the session ends with the connection: it was begun by it.
  private var isOwn = false

  override init(_ server: HTTPServer, _ loop: ServerLoop, _ channel: any Channel, _ head: HTTPRequestHead) {
    let query = HTTPQuestion(head.method.rawValue, head.uri).query
    answersBinary = query["answers"] == "binary"
    inputSize = server.routes.inputSize(query["model"])
    super.init(server, loop, channel, head)
  }

  // MARK: Life

  override func begin() {
    if let id = question.query["session"] {
      ask(.describe(id: id)) { self.begin($0) }
    } else if let model = question.query["model"] ?? server.routes.onlyModel {
      isOwn = true
      ask(.open(model: model, id: nil, idleSeconds: nil)) { self.begin($0) }
    } else {
      fail(ServingError(.malformed, "the address names no model: /v1/stream?model=NAME", parameter: "model"))
    }
  }

  private func begin(_ answer: ServingAnswer) {
    switch answer {
    case .session(let info):
      session = info.id
      write(.text, StreamSchema.beginning(info).bytes)
      if !channel.isActive { end() }
    case .failure(let error):
      isOwn = false
      fail(error)
    default: close(1011)
    }
  }

  override func end() {
    guard isOwn, let session else { return }
    // what waits for it is given up, and then it is forgotten
    loop.submit(ServingRequest(.close(id: session), time: server.clock()) { _ in })
  }

  override func leave() {
    write(.text, StreamSchema.draining.bytes)
    // the state stays where it is kept
    isOwn = false
  }

  // MARK: Messages

  override func take(_ bytes: [UInt8], isText: Bool) {
    guard let session else {
      return say(
        ServingError(.conflict, "the session has not begun yet; the first message of the server says so"))
    }
    do throws(ServingError) {
      let message =
        isText ? try StreamSchema.read(bytes) : try StreamSchema.read(binary: bytes, size: inputSize)
      switch message {
      case .lines(let lines):
        ask(.push(id: session, lines: lines, position: nil)) { self.answer($0, isBinary: !isText) }
      case .reset: ask(.reset(id: session)) { self.answer($0, isBinary: false) }
      case .save:
        ask(.save(id: session)) { answer in
          guard case .state(_, let position) = answer else { return self.answer(answer, isBinary: false) }
          self.write(
            .text, JSONNode.object([("saved", .bool(true)), ("position", .integer(position))]).bytes)
        }
      case .end:
        isOwn = false
        ask(.close(id: session)) { _ in self.close(1000) }
      }
    } catch {
      say(error)
    }
  }

  private func answer(_ answer: ServingAnswer, isBinary: Bool) {
    switch answer {
    case .rows(let rows, _) where isBinary && answersBinary: write(.binary, StreamSchema.binary(rows))
    case .rows(let rows, let position): write(.text, StreamSchema.answer(rows, position: position).bytes)
    case .failure(let error): say(error)
    default: close(1011)
    }
  }
}
#endif
