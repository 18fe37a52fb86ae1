#if Server
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import RecurrentCore
import RecurrentServing
import Synchronization

/// How a server is run.
public struct HTTPServerConfiguration: Sendable {
  /// The address that is listened at.
  public var host = "127.0.0.1"
  /// The port; 0 for one that is free.
  public var port = 8080
  /// What is taken at most.
  public var limits = ServingLimits()
  /// Where sessions are kept that nobody uses; nil for nowhere.
  public var directory: String?
  /// What `Authorization: Bearer` must say; nil where everybody may ask.
  public var key: String?
  /// The name of this server, with which the names of its sessions begin.
  public var instance = "rnn"
  /// What operations of the models run on.
  public var backend: any Backend = Backends.current
  /// The version of the program.
  public var version = ""
  /// Servers under whose names figures are said too.
  public var metricAliases: Set<MetricAlias> = []
  /// Threads that read and write.
  public var eventLoops = 1

  /// Listens at the port 8080 of this machine alone.
  public init() {}
}

/// Why a server cannot begin.
public enum HTTPServerError: Error, Equatable, CustomStringConvertible {
  /// The system lets the process have fewer open files than there may be connections.
  case files(connections: Int, most: Int)

  /// The reason.
  public var description: String {
    switch self {
    case .files(let connections, let most):
      "\(connections) connections are wanted, the system lets this process have \(most); raise its limit of open files "
        + "(ulimit -n, LimitNOFILE) or lower --max-connections"
    }
  }
}

/// A server of HTTP and WebSocket over the models: event loops read and write, one thread works with the models.
public final class HTTPServer: Sendable {
  let routes: ServingRoutes
  let limits: ServingLimits
  let inbox: ServingInbox
  let metrics: ServingMetrics
  let clock: @Sendable () -> Double
  /// Work that takes long and needs no session.
  let workers = NIOThreadPool(numberOfThreads: 1)
  let duration: ServingMetrics.Series
  let loops: [ObjectIdentifier: ServerLoop]
  private let thread: ServingThread
  private let configuration: HTTPServerConfiguration
  private let group: MultiThreadedEventLoopGroup
  private let state = Mutex(State())
  private let requests = Atomic<Int>(0)
  private let draining: Flag
  private let ended = Flag()

  /// Something that becomes true once.
  final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
  }

  private struct State {
    var listener: (any Channel)?
    var connections = 0
    var predictions = 0
    var streams: [ObjectIdentifier: SocketHandler] = [:]
  }

  /// A server that does not listen yet.
  ///
  /// - Parameters:
  ///   - hosts: the models.
  ///   - configuration: how it is run.
  ///   - created: seconds since 1970.
  public init(_ hosts: [ModelHost], _ configuration: HTTPServerConfiguration, created: Int) {
    let start = ContinuousClock.now
    let clock: @Sendable () -> Double = {
      let duration = start.duration(to: .now).components
      return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
    }
    let (metrics, thread, draining) = (ServingMetrics(), ServingThread(), Flag())
    (self.metrics, self.thread, self.draining, self.clock) = (metrics, thread, draining, clock)
    (self.configuration, limits) = (configuration, configuration.limits)
    inbox = ServingInbox(configuration.limits, metrics: metrics, clock: clock)
    duration = metrics.series(.duration)
    routes = ServingRoutes(
      hosts.map { ModelInfo($0) }, limits: configuration.limits, metrics: metrics,
      aliases: configuration.metricAliases, version: configuration.version, created: created,
      key: configuration.key, isReady: { !draining.isSet },
      random: { UInt64.random(in: 0 ... .max) })
    group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoops)
    let (inbox, ended, tick) = (inbox, ended, limits.shortestWait / 4)
    loops = Dictionary(
      group.makeIterator().map { loop in
        let own = ServerLoop(
          loop, inbox, thread, on: configuration.backend, tick: min(0.25, tick), clock: clock)
        return (ObjectIdentifier(loop), own)
      }
    ) { first, _ in first }
    let loops = loops
    thread.start(
      on: configuration.backend,
      {
        try ServingCore(
          hosts, limits: configuration.limits, directory: configuration.directory, inbox: inbox,
          metrics: metrics,
          clock: clock,
          makeName: { "\(configuration.instance)-" + String(UInt64.random(in: 0 ... .max), radix: 36) })
      }, afterTurn: { for loop in loops.values { loop.flush() } },
      ended: { _ in
        draining.set()
        inbox.close()
        ended.set()
      })
    workers.start()
  }

  /// Begins to listen.
  ///
  /// - Returns: the port.
  /// - Throws: ``HTTPServerError`` where the system lets the process have fewer connections than the limit, and where the address
  ///   cannot be listened at.
  public func start() throws -> Int {
    let server = self
    let most = FileLimit.connections(atLeast: limits.connections)
    guard most >= limits.connections else {
      throw HTTPServerError.files(connections: limits.connections, most: most)
    }
    let listener = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.maxMessagesPerRead, value: 256)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(
        .writeBufferWaterMark, value: .init(low: limits.unsentBytes / 4, high: limits.unsentBytes)
      )
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try server.prepare(channel) }
      }
      .bind(host: configuration.host, port: configuration.port).wait()
    state.withLock { $0.listener = listener }
    return listener.localAddress?.port ?? configuration.port
  }

  /// Puts the handlers of a connection together.
  private func prepare(_ channel: any Channel) throws {
    let count = state.withLock { state in
      state.connections += 1
      return state.connections
    }
    metrics.set(.connections, Double(count))
    channel.closeFuture.whenComplete { [self] _ in
      let count = state.withLock { state in
        state.connections -= 1
        return state.connections
      }
      metrics.set(.connections, Double(count))
    }
    guard count <= limits.connections, let loop = loops[ObjectIdentifier(channel.eventLoop)] else {
      metrics.add(.rejected, 1, [("reason", "connections")])
      channel.close(promise: nil)
      return
    }
    let handler = HTTPHandler(self, loop, channel)
    let upgrader = NIOWebSocketServerUpgrader(
      maxFrameSize: limits.messageBytes, automaticErrorHandling: false,
      shouldUpgrade: { [self] channel, head in
        channel.eventLoop.makeSucceededFuture(SocketHandler.accepts(head, routes))
      },
      upgradePipelineHandler: { [self] channel, head in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(FrameGuard())
          try pipeline.addHandler(
            NIOWebSocketFrameAggregator(
              minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 1024,
              maxAccumulatedFrameSize: limits.messageBytes))
          try pipeline.addHandler(SocketHandler.make(self, loop, channel, head))
        }
      })
    var decoding = NIOHTTPDecoderLimitConfiguration()
    decoding.maxHeaderFieldSize = limits.headerBytes
    decoding.maxHeaderListSize = limits.headerBytes
    decoding.maxHeaderFieldCount = limits.headerFields
    let pipeline = channel.pipeline.syncOperations
    try pipeline.configureHTTPServerPipeline(
      withPipeliningAssistance: true,
      withServerUpgrade: (
        upgraders: [upgrader],
        completionHandler: { context in context.pipeline.syncOperations.removeHandler(handler, promise: nil) }
      ), withErrorHandling: false, withOutboundHeaderValidation: true, withEncoderConfiguration: .init(),
      withDecoderLimitConfiguration: decoding)
    try pipeline.addHandler(handler)
  }

  // MARK: Life

  /// Counts requests that are being done: an end waits for them.
  func count(_ change: Int) { requests.add(change, ordering: .sequentiallyConsistent) }

  /// Takes note of a prediction for whole sequences; false where there are too many.
  func beginPrediction() -> Bool {
    let isTaken = state.withLock { state in
      guard state.predictions < limits.predictions else { return false }
      state.predictions += 1
      return true
    }
    if !isTaken { metrics.add(.rejected, 1, [("reason", "predictions")]) }
    return isTaken
  }

  /// Takes note of the end of a prediction.
  func endPrediction() { state.withLock { $0.predictions -= 1 } }

  /// Takes note of a stream that has begun.
  func add(_ stream: SocketHandler) { state.withLock { $0.streams[ObjectIdentifier(stream)] = stream } }

  /// Takes note of a stream that has ended.
  func remove(_ stream: SocketHandler) { state.withLock { $0.streams[ObjectIdentifier(stream)] = nil } }

  /// Has the models look whether there is work.
  func wake() { thread.wake() }

  /// Whether no new work is taken.
  var isDraining: Bool { draining.isSet }

  /// Whether the thread of the models has ended by itself, which it does where sessions on disk cannot be read.
  public var hasEnded: Bool { ended.isSet }

  /// Ends: no new work is taken from now on, what was begun is finished within the limit, streams are told, sessions are written
  /// to disk.
  ///
  /// - Parameters:
  ///   - delay: seconds that the server goes on listening while it says that it is not ready, for load balancers.
  ///   - shouldHurry: asked now and then; the end comes at once where it says so.
  public func drain(delay: Double = 0, shouldHurry: () -> Bool = { false }) {
    draining.set()
    let start = clock()
    while clock() - start < delay, !shouldHurry() { PlainThread.sleep(milliseconds: 20) }
    try? state.withLock { $0.listener }?.close().wait()
    let limit = clock() + limits.drainSeconds
    while clock() < limit, !shouldHurry(),
      !(thread.isIdle && requests.load(ordering: .sequentiallyConsistent) == 0)
    {
      PlainThread.sleep(milliseconds: 5)
    }
    for stream in state.withLock({ Array($0.streams.values) }) { stream.drain() }
    inbox.close()
    thread.stop()
    while !ended.isSet, clock() < limit + 5 { PlainThread.sleep(milliseconds: 2) }
    // answers that were written are sent before the loop ends
    PlainThread.sleep(milliseconds: 50)
    try? group.syncShutdownGracefully()
    try? workers.syncShutdownGracefully()
  }
}
#endif
