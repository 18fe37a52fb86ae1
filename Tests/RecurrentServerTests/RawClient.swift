#if Server
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A connection to a port of this machine, byte by byte.
final class RawClient {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Whether the other side has ended the connection.
  private(set) var isEnded = false

  struct Failure: Error { let reason: String }

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(reason: "connect: error \(errno)") }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { _ = close(descriptor) }

  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  /// Says that nothing follows.
  func endSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  private func fill() throws {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    guard count > 0 else {
      isEnded = true
      throw Failure(reason: count == 0 ? "the connection ended" : "nothing came: error \(errno)")
    }
    buffer += chunk[..<count]
  }

  /// So many bytes.
  func read(_ count: Int) throws -> [UInt8] {
    while buffer.count < count { try fill() }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  /// Everything up to a text, and with it.
  func read(until text: String) throws -> String {
    let mark = Array(text.utf8)
    // what was searched is not searched again
    var start = 0
    while true {
      while start + mark.count <= buffer.count {
        if buffer[start] == mark[0], buffer[start...].starts(with: mark) {
          return String(decoding: try read(start + mark.count), as: UTF8.self)
        }
        start += 1
      }
      try fill()
    }
  }

  /// Everything up to the end of the connection.
  func readAll() -> String {
    while (try? fill()) != nil {}
    defer { buffer = [] }
    return String(decoding: buffer, as: UTF8.self)
  }

  /// An answer with a length.
  func answer() throws -> (head: String, body: String) {
    let head = try read(until: "\r\n\r\n")
    let field = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
    guard let field, let count = Int(field.dropFirst("content-length:".count).filter { $0 != " " }) else {
      throw Failure(reason: "no length: \(head)")
    }
    return (head, String(decoding: try read(count), as: UTF8.self))
  }

  /// Sends a request and reads its answer.
  func ask(_ method: String, _ path: String, _ body: String = "") throws -> (head: String, body: String) {
    send("\(method) \(path) HTTP/1.1\r\nhost: a\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
    return try answer()
  }

  // MARK: WebSocket

  /// Sends a frame, masked as clients must; `first` is the whole first byte, where it is no ordinary one.
  func frame(_ opcode: UInt8, _ bytes: [UInt8], isMasked: Bool = true, first: UInt8? = nil) {
    send(RawClient.frame(opcode, bytes, isMasked: isMasked, first: first))
  }

  static func frame(_ opcode: UInt8, _ bytes: [UInt8], isMasked: Bool = true, first: UInt8? = nil) -> [UInt8]
  {
    func length(_ count: Int, _ width: Int) -> [UInt8] {
      (0..<width).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
    let size: [UInt8] =
      switch bytes.count {
      case ..<126: [UInt8(bytes.count)]
      case ..<65536: [126] + length(bytes.count, 2)
      default: [127] + length(bytes.count, 8)
      }
    let mask: [UInt8] = isMasked ? [1, 2, 3, 4] : []
    let body = isMasked ? bytes.enumerated().map { $1 ^ mask[$0 % 4] } : bytes
    return [first ?? 0x80 | opcode, size[0] | (isMasked ? 0x80 : 0)] + size.dropFirst() + mask + body
  }

  /// The next frame.
  func frame() throws -> (opcode: UInt8, bytes: [UInt8]) {
    let head = try read(2)
    var count = Int(head[1] & 127)
    if count == 126 { count = try read(2).reduce(0) { $0 << 8 | Int($1) } }
    if count == 127 { count = try read(8).reduce(0) { $0 << 8 | Int($1) } }
    return (head[0] & 15, try read(count))
  }
}
#endif
