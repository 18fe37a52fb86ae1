#if Server
import NIOCore
import NIOHTTP1
import NIOWebSocket
import RecurrentServing

/// A connection of WebSocket: frames, signs of life, its end, and that it is not read while too much of it waits. What messages mean
/// is left to those that go by it. Everything happens in the event loop of the connection.
class SocketHandler: ChannelInboundHandler, Timed, @unchecked Sendable {
  typealias InboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  let server: HTTPServer
  let loop: ServerLoop
  let channel: any Channel
  let question: HTTPQuestion
  let client = ServingClient()
  private(set) var isClosing = false
  var deadline = Double.infinity
  private var unanswered = 0
  private var isReading = true
  private var hasPong = true
  /// Seconds between two signs of life.
  private static let silence = 20.0

  init(_ server: HTTPServer, _ loop: ServerLoop, _ channel: any Channel, _ head: HTTPRequestHead) {
    (self.server, self.loop, self.channel) = (server, loop, channel)
    question = SocketHandler.question(head)
  }

  private static func question(_ head: HTTPRequestHead) -> HTTPQuestion {
    HTTPQuestion(
      head.method.rawValue, head.uri,
      fields: HTTPFields(head.headers.map { (name: $0.name, value: $0.value) }))
  }

  /// The fields of the answer to who wants a connection; nil where there is none to have.
  static func accepts(_ head: HTTPRequestHead, _ routes: ServingRoutes) -> HTTPHeaders? {
    let question = question(head)
    guard ["/v1/stream", SpeechSchema.path].contains(question.path) else { return nil }
    do { try routes.authorize(question) } catch { return nil }
    let wanted = (question.fields["sec-websocket-protocol"] ?? "").split(separator: ",").map {
      $0.filter { $0 != " " }
    }
    return wanted.contains(StreamSchema.name) ? ["sec-websocket-protocol": StreamSchema.name] : [:]
  }

  /// What an address stands for.
  static func make(
    _ server: HTTPServer, _ loop: ServerLoop, _ channel: any Channel, _ head: HTTPRequestHead
  ) -> SocketHandler {
    question(head).path == SpeechSchema.path
      ? SpeechHandler(server, loop, channel, head) : StreamHandler(server, loop, channel, head)
  }

  // MARK: What messages mean

  /// The connection is there.
  func begin() {}

  /// A message has come.
  func take(_ bytes: [UInt8], isText: Bool) {}

  /// The server ends.
  func leave() {}

  /// The client is gone.
  func end() {}

  // MARK: Life

  final func handlerAdded(context: ChannelHandlerContext) {
    server.add(self)
    loop.add(self)
    deadline = server.clock() + SocketHandler.silence
    begin()
  }

  final func expire() {
    guard hasPong else { return channel.close(promise: nil) }
    hasPong = false
    write(.ping, [])
    deadline = server.clock() + SocketHandler.silence
  }

  final func channelInactive(context: ChannelHandlerContext) {
    loop.remove(self)
    server.remove(self)
    end()
    client.isGone = true
    context.fireChannelInactive()
  }

  final func channelWritabilityChanged(context: ChannelHandlerContext) {
    client.isBehind = !context.channel.isWritable
    updateReading()
    context.fireChannelWritabilityChanged()
  }

  final func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case NIOWebSocketError.invalidFrameLength,
      NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge,
      NIOWebSocketFrameAggregator.Error.tooManyFragments:
      close(1009)
    default: close(1002)
    }
  }

  /// Tells the client that the server ends, and ends the connection.
  final func drain() {
    channel.eventLoop.execute { [self] in
      leave()
      close(1001)
    }
  }

  // MARK: Messages

  final func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    let bytes = SocketHandler.bytes(of: frame)
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
      if frame.opcode == .text, String(validating: bytes, as: UTF8.self) == nil { return close(1007) }
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

  /// Asks the models for something; `then` is called in the loop.
  final func ask(_ action: ServingRequest.Action, _ then: @escaping (ServingAnswer) -> Void) {
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

  // MARK: Answers

  /// Says why a message has no answer; the connection goes on.
  final func say(_ error: ServingError) { write(.text, SessionSchema.node(error).bytes) }

  /// Says why there is no session, and ends the connection.
  final func fail(_ error: ServingError) {
    say(error)
    switch error.kind {
    case .busy, .unavailable: close(1013)
    case .fault: close(1011)
    default: close(1008)
    }
  }

  final func close(_ code: Int) {
    guard !isClosing else { return }
    isClosing = true
    write(.connectionClose, [UInt8(code >> 8), UInt8(code & 255)])
    // who does not answer is gone
    let channel = channel
    channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
  }

  final func write(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) {
    channel.writeAndFlush(
      WebSocketFrame(fin: true, opcode: opcode, data: ByteBuffer(bytes: bytes)), promise: nil)
  }
}
#endif
