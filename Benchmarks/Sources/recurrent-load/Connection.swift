import NIOCore
import NIOPosix

/// A connection of the generator: bytes out, bytes in. Everything happens in the only event loop.
class Connection: ChannelInboundHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer

  let run: Run
  private(set) var channel: (any Channel)?
  var buffer = ByteBuffer()

  required init(_ run: Run) { self.run = run }

  /// Called when the connection is there.
  func begin() {}
  /// Called with more bytes in the buffer.
  func parse() {}
  /// Sends what was due at a time.
  func send(planned: Int64) {}

  final func channelActive(context: ChannelHandlerContext) {
    channel = context.channel
    begin()
  }

  final func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    if buffer.readableBytes == 0 { buffer = part } else { buffer.writeBuffer(&part) }
    parse()
  }

  final func channelInactive(context: ChannelHandlerContext) {
    if !run.isOver { run.note(status: 0) }
    channel = nil
  }

  final func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  final func write(_ bytes: ByteBuffer) { channel?.writeAndFlush(bytes, promise: nil) }
}

/// What all connections of a run share.
final class Run: @unchecked Sendable {
  let settings: Settings
  var findings = Findings()
  /// Whether times count: not while the run warms up.
  var isMeasuring = false
  var isOver = false

  init(_ settings: Settings) { self.settings = settings }

  private var number = 0

  /// A number, another one each time.
  func nextNumber() -> Int {
    number += 1
    return number - 1
  }

  func note(status: Int) { if isMeasuring || status == 0 { findings.statuses[status, default: 0] += 1 } }

  /// Takes note of an answer that was due at a time.
  func note(_ planned: Int64, status: Int, units: Int) {
    note(status: status)
    guard isMeasuring else { return }
    if status == 200 || status == 101 {
      findings.latencies.add(Clock.now - planned)
      findings.units += units
    } else {
      findings.refused.add(Clock.now - planned)
    }
  }

  /// Takes note of the first token of an answer that was due at a time.
  func noteFirst(_ planned: Int64) { if isMeasuring { findings.first.add(Clock.now - planned) } }

  /// Takes note of a token, and of the one before it.
  func noteToken(after last: Int64?, _ time: Int64) {
    guard isMeasuring else { return }
    findings.units += 1
    if let last { findings.gaps.add(time - last) }
  }
}
