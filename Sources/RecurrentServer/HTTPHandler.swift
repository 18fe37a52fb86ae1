#if Server
import NIOCore
import NIOHTTP1
import RecurrentServing

/// One connection of HTTP: collects a request within the limits, and writes its answer. Everything happens in the event loop of the
/// connection.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler, Timed, @unchecked Sendable {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let server: HTTPServer
  private let loop: ServerLoop
  private let channel: any Channel
  private let client = ServingClient()
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  /// Bytes of the body that have come, kept or passed over.
  private var bodyCount = 0
  /// Whether the rest of the request is passed over: it was refused.
  private var isRefused = false
  /// Why the request is not taken, known from its head alone; its body is passed over and the connection goes on.
  private var refusal: ServingError?
  private var isAnswering = false
  /// Whether the end of an answer is on its way through the pipeline, which hands on the next request meanwhile.
  private var isEnding = false
  /// Whether no further request is taken from the connection.
  private var isClosing = false
  private var hasAnswered = false
  var deadline = Double.infinity
  private var stream: EventStream?
  /// What the last answer was counted as.
  private var counted: (path: String, status: Int, series: ServingMetrics.Series)?

  init(_ server: HTTPServer, _ loop: ServerLoop, _ channel: any Channel) {
    (self.server, self.loop, self.channel) = (server, loop, channel)
  }

  // MARK: Life

  func handlerAdded(context: ChannelHandlerContext) {
    loop.add(self)
    wait(server.limits.headSeconds)
  }

  func handlerRemoved(context: ChannelHandlerContext) { loop.remove(self) }

  func channelInactive(context: ChannelHandlerContext) {
    client.isGone = true
    loop.remove(self)
    stream?.end()
    // each holds the other
    stream = nil
    if isAnswering { server.count(-1) }
    isAnswering = false
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    client.isBehind = !context.channel.isWritable
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError, !isClosing, !isAnswering, !isRefused else {
      return context.close(promise: nil)
    }
    isRefused = true
    guard case .headerOverflow = error else {
      return write(HTTPAnswer(ServingError(.malformed, "the request is no HTTP/1.1: \(error)")), closes: true)
    }
    server.metrics.add(.rejected, 1, [("reason", "header")])
    let limits = server.limits
    write(
      HTTPAnswer(
        ServingError(
          .headTooLarge,
          "the head of the request has more than \(limits.headerBytes) bytes or \(limits.headerFields) fields"
        )),
      closes: true)
  }

  /// Closes the connection where something has not come by then.
  private func wait(_ seconds: Double) { deadline = server.clock() + seconds }

  func expire() {
    guard head != nil else {
      // a connection that has answered may be without a request; one that never asked has kept its place for nothing
      if !hasAnswered { server.metrics.add(.rejected, 1, [("reason", "timeout")]) }
      return channel.close(promise: nil)
    }
    server.metrics.add(.rejected, 1, [("reason", "timeout")])
    refuse(ServingError(.timeout, "the whole request has not come within \(server.limits.bodySeconds) s"))
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isClosing else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      (self.head, body, bodyCount, isRefused) = (head, [], 0, false)
      // what is not taken is not read either
      refusal = head.method == .POST ? server.inbox.refusal() : nil
      wait(server.limits.bodySeconds)
      let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
      if length > server.limits.bodyBytes { refuseTooLarge() }
    case .body(var buffer):
      guard !isRefused else { return }
      bodyCount += buffer.readableBytes
      guard bodyCount <= server.limits.bodyBytes else { return refuseTooLarge() }
      guard refusal == nil else { return }
      let part = buffer.readBytes(length: buffer.readableBytes) ?? []
      if body.isEmpty { body = part } else { body += part }
    case .end:
      deadline = .infinity
      guard !isRefused, let head else { return }
      guard isEnding else { return take(head) }
      // a request in the tail of another one would be taken in the stack of its answer
      channel.eventLoop.execute { [self] in take(head) }
    }
  }

  private func refuseTooLarge() {
    server.metrics.add(.rejected, 1, [("reason", "body")])
    refuse(ServingError(.tooLarge, "the request has more than \(server.limits.bodyBytes) bytes"))
  }

  /// Answers before the request is whole, and ends the connection.
  private func refuse(_ error: ServingError) {
    guard !isRefused, let head else { return }
    isRefused = true
    let isInference = head.uri.hasPrefix("/v2")
    write(HTTPAnswer(error, isInference: isInference), closes: true)
  }

  private func take(_ head: HTTPRequestHead) {
    if let refusal {
      isAnswering = true
      server.count(1)
      let path = head.uri.prefix { $0 != "?" }
      return finish(
        HTTPAnswer(refusal, isInference: path.hasPrefix("/v2")), String(path), server.clock())
    }
    let fields = HTTPFields(head.headers.map { (name: $0.name, value: $0.value) })
    let question = HTTPQuestion(head.method.rawValue, head.uri, fields: fields, body: body)
    body = []
    let time = server.clock()
    if let encoding = fields["content-encoding"], encoding != "identity" {
      return write(
        HTTPAnswer(
          ServingError(.media, "the body is written as \(encoding), expected no encoding"),
          isInference: question.path.hasPrefix("/v2")))
    }
    isAnswering = true
    server.count(1)
    let path = question.path
    switch server.routes.route(question) {
    case .answer(let answer): finish(answer, path, time)
    case .ask(let action, let form):
      loop.submit(
        ServingRequest(action, client: client, time: time) { [self] answer in
          // numbers are written down where the loop, which has most to do, need not
          let answered = form(answer)
          loop.add { self.finish(answered, path, time) }
          if case .failure(let error) = answer, error.kind == .busy || error.kind == .unavailable {
            loop.flush()
          }
        })
    case .work(let work):
      guard server.beginPrediction() else {
        let error = ServingError(
          .busy, "\(server.limits.predictions) predictions wait, which is the most", retryAfter: 1)
        return finish(HTTPAnswer(error), path, time)
      }
      server.workers.submit { [self] state in
        defer { server.endPrediction() }
        let answer =
          state == .active ? work() : HTTPAnswer(ServingError(.unavailable, "the server ends", retryAfter: 1))
        channel.eventLoop.execute { self.finish(answer, path, time) }
      }
    case .write(let schema): write(schema, path, time)
    }
  }

  private func write(_ schema: CompletionSchema, _ path: String, _ time: Double) {
    let stream = EventStream(schema, server, loop, channel) { [self] answer in finish(answer, path, time) }
    self.stream = stream
    loop.submit(
      ServingRequest(.complete(schema.request), client: client, time: time) { [self] answer in
        client.beginSending()
        loop.add {
          stream.take(answer)
          if self.client.endSending() { self.server.wake() }
        }
        if case .failure = answer { loop.flush() }
      })
  }

  // MARK: Answers

  /// Writes an answer; nil where a stream has written it.
  private func finish(_ answer: HTTPAnswer?, _ path: String, _ time: Double) {
    stream = nil
    guard isAnswering else { return }
    isAnswering = false
    server.count(-1)
    count(path, answer?.status ?? 200)
    server.duration.observe(server.clock() - time)
    guard let answer else { return end(keepsAlive: head?.isKeepAlive ?? false) }
    write(answer)
  }

  private func count(_ path: String, _ status: Int) {
    if counted?.path != path || counted?.status != status {
      let series = server.metrics.series(
        .requests, [("route", ServingRoutes.name(of: path)), ("code", "\(status)")])
      counted = (path, status, series)
    }
    counted?.series.add()
  }

  private func write(_ answer: HTTPAnswer, closes: Bool = false) {
    let keepsAlive = !closes && !server.isDraining && head?.isKeepAlive ?? false
    var fields = HTTPHeaders(answer.fields)
    fields.add(name: "content-type", value: answer.type)
    fields.add(name: "content-length", value: "\(answer.body.count)")
    fields.add(name: "x-content-type-options", value: "nosniff")
    if !keepsAlive { fields.add(name: "connection", value: "close") }
    let response = HTTPResponseHead(
      version: head?.version ?? .http1_1, status: HTTPResponseStatus(statusCode: answer.status),
      headers: fields)
    channel.write(HTTPServerResponsePart.head(response), promise: nil)
    if head?.method != .HEAD {
      channel.write(
        HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: answer.body))), promise: nil)
    }
    end(keepsAlive: keepsAlive)
  }

  /// Ends an answer. The next request may come before this returns.
  private func end(keepsAlive: Bool) {
    head = nil
    hasAnswered = true
    isClosing = !keepsAlive || server.isDraining
    guard isClosing else {
      wait(server.limits.keepAliveSeconds)
      isEnding = true
      channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
      isEnding = false
      return
    }
    deadline = .infinity
    let isDone = channel.eventLoop.makePromise(of: Void.self)
    channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: isDone)
    isDone.futureResult.whenComplete { [channel] _ in
      // with bytes of the client unread the system would take the answer back: what still comes is read for a while
      channel.close(mode: .output, promise: nil)
      channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }
  }
}
#endif
