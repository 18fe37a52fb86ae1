import Foundation

/// A Python script that runs beside the benchmark.
final class Peer {
  private let process = Process()
  private let toPeer = Pipe()
  private let fromPeer = Pipe()
  private var buffer = Data()

  /// Starts a script of `Benchmarks/peers`; nil when it does not start.
  init?(python: String, script: String, arguments: [String] = []) {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, Peer.folder + "/" + script] + arguments
    process.standardInput = toPeer
    process.standardOutput = fromPeer
    do { try process.run() } catch { return nil }
  }

  /// The folder of the scripts.
  static var folder: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("peers").path
  }

  /// The next line of JSON; nil at the end.
  func readLine() -> [String: Any]? {
    while true {
      if let end = buffer.firstIndex(of: 10) {
        let line = buffer[..<end]
        buffer = buffer[(end + 1)...]
        if let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] {
          return object
        }
        continue
      }
      let data = fromPeer.fileHandleForReading.availableData
      if data.isEmpty { return nil }
      buffer.append(data)
    }
  }

  /// Asks and waits for the answer.
  func ask(_ request: [String: Any]) -> [String: Any]? {
    guard let data = try? JSONSerialization.data(withJSONObject: request) else { return nil }
    toPeer.fileHandleForWriting.write(data + Data([10]))
    return readLine()
  }

  /// Ends the script.
  func quit() {
    toPeer.fileHandleForWriting.closeFile()
    process.waitUntilExit()
  }
}
