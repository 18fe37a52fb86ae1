#if Server
import NIOCore
import NIOHTTP1
import RecurrentServing

/// One connection of HTTP: collects a request within the limits, and writes its answer. Everything happens in the event loop of the
/// connection.
final class HTTPHandler: ChannelInboundHandler, RemovableChannelHandler, @unchecked Sendable {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let server: HTTPServer
  private let channel: any Channel
  private let client = ServingClient()
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  /// Whether the rest of the request is passed over: it was refused.
  private var isRefused = false
  private var isAnswering = false
  private var timer: Scheduled<Void>?
  private var stream: EventStream?

  init(_ server: HTTPServer, _ channel: any Channel) { (self.server, self.channel) = (server, channel) }

  // MARK: Life

  func handlerAdded(context: ChannelHandlerContext) {
    wait(server.limits.headSeconds, "the head of a request")
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    client.isGone = true
    timer?.cancel()
    stream?.end()
    if isAnswering { server.count(-1) }
    isAnswering = false
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    client.isBehind = !context.channel.isWritable
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// Closes the connection where something has not come by then.
  private func wait(_ seconds: Double, _ what: String) {
    timer?.cancel()
    timer = channel.eventLoop.scheduleTask(in: .milliseconds(Int64(seconds * 1000))) { [self] in
      server.metrics.add(.rejected, 1, [("reason", "timeout")])
      guard head != nil else { return channel.close(promise: nil) }
      refuse(ServingError(.timeout, "\(what) has not come within \(seconds) s"))
    }
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      (self.head, body, isRefused) = (head, [], false)
      wait(server.limits.bodySeconds, "the whole request")
      let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
      if length > server.limits.bodyBytes { refuseTooLarge() }
    case .body(var buffer):
      guard !isRefused else { return }
      guard body.count + buffer.readableBytes <= server.limits.bodyBytes else { return refuseTooLarge() }
      body += buffer.readBytes(length: buffer.readableBytes) ?? []
    case .end:
      timer?.cancel()
      guard !isRefused, let head else { return }
      take(head)
    }
  }

  private func refuseTooLarge() {
    server.metrics.add(.rejected, 1, [("reason", "body")])
    refuse(ServingError(.tooLarge, "the request has more than \(server.limits.bodyBytes) bytes"))
  }

  /// Answers before the request is whole, and ends the connection.
  private func refuse(_ error: ServingError) {
    isRefused = true
    guard let head else { return }
    let isInference = head.uri.hasPrefix("/v2")
    write(HTTPAnswer(error, isInference: isInference), closes: true)
  }

  private func take(_ head: HTTPRequestHead) {
    var fields: [String: String] = [:]
    for (name, value) in head.headers { fields[name.lowercased()] = value }
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
    switch server.routes.route(question) {
    case .answer(let answer): finish(answer, question, time)
    case .ask(let action, let form):
      server.inbox.submit(
        ServingRequest(action, client: client, time: time) { [self] answer in
          server.outbox.add { self.finish(form(answer), question, time) }
          if case .failure(let error) = answer, error.kind == .busy || error.kind == .unavailable {
            server.outbox.flush()
          }
        })
    case .work(let work):
      server.workers.submit { [self] state in
        let answer =
          state == .active ? work() : HTTPAnswer(ServingError(.unavailable, "the server ends", retryAfter: 1))
        channel.eventLoop.execute { self.finish(answer, question, time) }
      }
    case .write(let schema): write(schema, question, time)
    }
  }

  private func write(_ schema: CompletionSchema, _ question: HTTPQuestion, _ time: Double) {
    let stream = EventStream(schema, server.limits, channel) { [self] answer in finish(answer, question, time)
    }
    self.stream = stream
    server.inbox.submit(
      ServingRequest(.complete(schema.request), client: client, time: time) { [self] answer in
        server.outbox.add { stream.take(answer) }
        if case .failure = answer { server.outbox.flush() }
      })
  }

  // MARK: Answers

  /// Writes an answer; nil where a stream has written it.
  private func finish(_ answer: HTTPAnswer?, _ question: HTTPQuestion, _ time: Double) {
    stream = nil
    guard isAnswering else { return }
    isAnswering = false
    server.count(-1)
    let route = question.path.split(separator: "/").prefix(2).joined(separator: "/")
    let isKnown = answer?.status != 404
    server.metrics.add(
      .requests, 1, [("route", isKnown ? "/" + route : "other"), ("code", "\(answer?.status ?? 200)")])
    server.metrics.observe(.duration, server.clock() - time)
    guard let answer else { return afterAnswer() }
    write(answer)
  }

  private func write(_ answer: HTTPAnswer, closes: Bool = false) {
    guard let head else { return }
    let keepsAlive = head.isKeepAlive && !closes && !server.isDraining
    var fields = HTTPHeaders(answer.fields)
    fields.add(name: "content-type", value: answer.type)
    fields.add(name: "content-length", value: "\(answer.body.count)")
    fields.add(name: "x-content-type-options", value: "nosniff")
    if !keepsAlive { fields.add(name: "connection", value: "close") }
    let response = HTTPResponseHead(
      version: head.version, status: HTTPResponseStatus(statusCode: answer.status), headers: fields)
    channel.write(HTTPServerResponsePart.head(response), promise: nil)
    if head.method != .HEAD {
      channel.write(
        HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: answer.body))), promise: nil)
    }
    let isDone = channel.eventLoop.makePromise(of: Void.self)
    channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: isDone)
    if keepsAlive {
      afterAnswer()
    } else {
      isDone.futureResult.whenComplete { [channel] _ in channel.close(promise: nil) }
    }
  }

  private func afterAnswer() {
    guard let head, head.isKeepAlive, !server.isDraining else { return channel.close(promise: nil) }
    self.head = nil
    wait(server.limits.keepAliveSeconds, "the next request")
  }
}
#endif
