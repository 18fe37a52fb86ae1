#if Server
import NIOCore
import NIOWebSocket

/// Refuses frames that no client may send (RFC 6455, section 5), before fragments are put together.
final class FrameGuard: ChannelInboundHandler {
  typealias InboundIn = WebSocketFrame
  typealias InboundOut = WebSocketFrame

  /// That a frame breaks the protocol.
  struct Violation: Error {}

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    let isKnown = [.continuation, .text, .binary, .connectionClose, .ping, .pong].contains(frame.opcode)
    // there are no extensions, which the reserved bits belong to
    guard isKnown, frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
      return context.fireErrorCaught(Violation())
    }
    context.fireChannelRead(data)
  }

  /// What a close frame is answered with: the same code, or the code of what is wrong with it.
  static func answer(toClose bytes: [UInt8]) -> [UInt8] {
    func code(_ code: Int) -> [UInt8] { [UInt8(code >> 8), UInt8(code & 255)] }
    guard !bytes.isEmpty else { return [] }
    guard bytes.count >= 2 else { return code(1002) }
    switch Int(bytes[0]) << 8 | Int(bytes[1]) {
    case 1000...1003, 1007...1014, 3000...4999:
      return String(validating: bytes[2...], as: UTF8.self) == nil ? code(1007) : Array(bytes[..<2])
    default: return code(1002)
    }
  }
}
#endif
