#if Server
import NIOCore
import NIOHTTP1
import NIOWebSocket
import RecurrentServing

/// One stream over WebSocket: a session whose steps come as messages, each answered in its order. Everything happens in the event
/// loop of the connection.
final class StreamHandler: ChannelInboundHandler, Timed, @unchecked Sendable {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let server: HTTPServer
  private let loop: ServerLoop
  private let channel: any Channel
  private let client = ServingClient()
  private let question: HTTPQuestion
  private let answersBinary: Bool
  /// Numbers of a step, where it is a list of so many.
  private let inputSize: Int?
  /// The session, once it is there.
  private var session: String?
  /// Whether the session ends with the connection: it was begun by it.
  private var isOwn = false
  private var isClosing = false
  private var unanswered = 0
  var deadline = Double.infinity
  private var hasPong = true
  /// Seconds between two signs of life.
  private static let silence = 20.0

  init(_ server: HTTPServer, _ loop: ServerLoop, _ channel: any Channel, _ head: HTTPRequestHead) {
    (self.server, self.loop, self.channel) = (server, loop, channel)
    question = StreamHandler.question(head)
    answersBinary = question.query["answers"] == "binary"
    inputSize = server.routes.inputSize(question.query["model"])
  }

  private static func question(_ head: HTTPRequestHead) -> HTTPQuestion {
    HTTPQuestion(
      head.method.rawValue, head.uri,
      fields: HTTPFields(head.headers.map { (name: $0.name, value: $0.value) }))
  }

  /// The fields of the answer to who wants a stream; nil where there is none to have.
  static func accepts(_ head: HTTPRequestHead, _ routes: ServingRoutes) -> HTTPHeaders? {
    let question = question(head)
    guard question.path == "/v1/stream" else { return nil }
    do { try routes.authorize(question) } catch { return nil }
    let wanted = (question.fields["sec-websocket-protocol"] ?? "").split(separator: ",").map {
      $0.filter { $0 != " " }
    }
    return wanted.contains(StreamSchema.name) ? ["sec-websocket-protocol": StreamSchema.name] : [:]
  }

  // MARK: Life

  func handlerAdded(context: ChannelHandlerContext) {
    server.add(self)
    loop.add(self)
    deadline = server.clock() + StreamHandler.silence
    if let id = question.query["session"] {
      ask(.describe(id: id)) { self.begin($0) }
    } else if let model = question.query["model"] ?? server.routes.onlyModel {
      isOwn = true
      ask(.open(model: model, id: nil, idleSeconds: nil)) { self.begin($0) }
    } else {
      fail(ServingError(.malformed, "the address names no model: /v1/stream?model=NAME", parameter: "model"))
    }
  }

  func expire() {
    guard hasPong else { return channel.close(promise: nil) }
    hasPong = false
    write(.ping, [])
    deadline = server.clock() + StreamHandler.silence
  }

  func channelInactive(context: ChannelHandlerContext) {
    loop.remove(self)
    server.remove(self)
    if isOwn, let session {
      // what waits for it is given up, and then it is forgotten
      loop.submit(ServingRequest(.close(id: session), time: server.clock()) { _ in })
    }
    client.isGone = true
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    client.isBehind = !context.channel.isWritable
    updateReading()
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOWebSocketError.invalidFrameLength,
      NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge,
      NIOWebSocketFrameAggregator.Error.tooManyFragments:
      close(1009)
    default: close(1002)
    }
  }

  /// Tells the client that the server ends, and ends the stream.
  func drain() {
    channel.eventLoop.execute { [self] in
      write(.text, StreamSchema.draining.bytes)
      // the state stays where it is kept
      isOwn = false
      close(1001)
    }
  }

  // MARK: Messages

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    let bytes = StreamHandler.bytes(of: frame)
    switch frame.opcode {
    case .ping: if !isClosing { write(.pong, bytes) }
    case .pong: hasPong = true
    case .connectionClose:
      guard !isClosing else { return channel.close(promise: nil) }
      isClosing = true
      write(.connectionClose, FrameGuard.answer(toClose: bytes))
      // with bytes of the client unread the system would take the answer back
      channel.close(mode: .output, promise: nil)
      channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
    case .text, .binary:
      guard !isClosing else { return }
      hasPong = true
      take(bytes, isText: frame.opcode == .text)
    default: close(1002)
    }
  }

  /// What a frame says, unmasked: eight bytes at a time, a frame of many steps is large.
  private static func bytes(of frame: WebSocketFrame) -> [UInt8] {
    var bytes = Array(frame.data.readableBytesView)
    guard let key = frame.maskKey else { return bytes }
    let mask = Array(key) + Array(key)
    bytes.withUnsafeMutableBytes { bytes in
      let word = mask.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
      let whole = bytes.count & ~7
      for place in stride(from: 0, to: whole, by: 8) {
        let own = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) ^ word
        bytes.storeBytes(of: own, toByteOffset: place, as: UInt64.self)
      }
      for place in whole..<bytes.count { bytes[place] ^= mask[place & 7] }
    }
    return bytes
  }

  private func take(_ bytes: [UInt8], isText: Bool) {
    if isText, String(validating: bytes, as: UTF8.self) == nil { return close(1007) }
    guard let session else {
      return say(
        ServingError(.conflict, "the session has not begun yet; the first message of the server says so"))
    }
    do throws(ServingError) {
      let message =
        isText
        ? try StreamSchema.read(bytes)
        : try StreamSchema.read(binary: bytes, size: inputSize)
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

  private func ask(_ action: ServingRequest.Action, _ then: @escaping (ServingAnswer) -> Void) {
    unanswered += 1
    updateReading()
    let then = Unchecked(then)
    loop.submit(
      ServingRequest(action, client: client, time: server.clock()) { [self] answer in
        loop.add { [self] in
          unanswered -= 1
          updateReading()
          then.body(answer)
        }
        if case .failure = answer { loop.flush() }
      })
  }

  /// A closure of the event loop on its way through the thread of the models.
  private struct Unchecked: @unchecked Sendable {
    let body: (ServingAnswer) -> Void
    init(_ body: @escaping (ServingAnswer) -> Void) { self.body = body }
  }

  /// A connection that sends more than is answered, or reads less, is not read.
  private func updateReading() {
    let reads = unanswered < server.limits.waitingPerSession && !client.isBehind
    if reads != isReading {
      isReading = reads
      channel.setOption(.autoRead, value: reads).whenFailure { _ in }
    }
  }

  private var isReading = true

  // MARK: Answers

  private func begin(_ answer: ServingAnswer) {
    switch answer {
    case .session(let info):
      session = info.id
      write(.text, StreamSchema.beginning(info).bytes)
      if !channel.isActive, isOwn {
        loop.submit(ServingRequest(.close(id: info.id), time: server.clock()) { _ in })
      }
    case .failure(let error): fail(error)
    default: close(1011)
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

  /// Says why a message has no answer; the stream goes on.
  private func say(_ error: ServingError) { write(.text, SessionSchema.node(error).bytes) }

  /// Says why there is no stream, and ends it.
  private func fail(_ error: ServingError) {
    say(error)
    isOwn = false
    switch error.kind {
    case .busy, .unavailable: close(1013)
    case .fault: close(1011)
    default: close(1008)
    }
  }

  private func close(_ code: Int) {
    guard !isClosing else { return }
    isClosing = true
    write(.connectionClose, [UInt8(code >> 8), UInt8(code & 255)])
    // who does not answer is gone
    let channel = channel
    channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
  }

  private func write(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) {
    channel.writeAndFlush(
      WebSocketFrame(fin: true, opcode: opcode, data: ByteBuffer(bytes: bytes)), promise: nil)
  }
}
#endif
