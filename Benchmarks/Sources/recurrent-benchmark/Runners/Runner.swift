import Foundation

/// A process that computes problems: ours or an opponent.
final class Runner {
  /// What it is called in reports.
  let name: String
  /// What it says about itself.
  private(set) var versions: [String: String] = [:]

  private let process = Process()
  private let toRunner = Pipe()
  private let fromRunner = Pipe()
  private let complaints: URL
  private var buffer = Data()

  /// Starts a program; `failure` says why there is none.
  init(name: String, command: [String], environment: [String: String] = [:]) throws(RunnerError) {
    self.name = name
    complaints = FileManager.default.temporaryDirectory
      .appendingPathComponent("recurrent-benchmark-\(ProcessInfo.processInfo.processIdentifier)-\(name).log")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = toRunner
    process.standardOutput = fromRunner
    _ = FileManager.default.createFile(atPath: complaints.path, contents: nil)
    process.standardError = try? FileHandle(forWritingTo: complaints)
    do { try process.run() } catch { throw RunnerError(reason: "\(error)") }
    guard let hello = readReply(), hello.name != nil else {
      let reason = lastComplaint ?? "it does not start"
      quit()
      throw RunnerError(reason: reason)
    }
    versions = hello.versions ?? [:]
  }

  /// The version in words, the part named as the runner first.
  var version: String {
    let own = versions[name].map { [$0] } ?? []
    let others = versions.filter { $0.key != name }.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return (own + others).joined(separator: ", ")
  }

  /// Asks and waits for the answer.
  func ask(_ request: Request) throws(RunnerError) -> Reply {
    guard process.isRunning, let data = try? JSONEncoder().encode(request) else {
      throw RunnerError(reason: lastComplaint ?? "it has ended")
    }
    try? toRunner.fileHandleForWriting.write(contentsOf: data + Data([10]))
    guard let reply = readReply() else { throw RunnerError(reason: lastComplaint ?? "it has ended") }
    if let error = reply.error { throw RunnerError(reason: error, isClosed: reply.closed ?? false) }
    return reply
  }

  /// Ends the process.
  func quit() {
    try? toRunner.fileHandleForWriting.close()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: complaints)
  }

  private func readReply() -> Reply? {
    while true {
      if let end = buffer.firstIndex(of: 10) {
        let line = Data(buffer[buffer.startIndex..<end])
        buffer = Data(buffer[(end + 1)...])
        if let reply = try? JSONDecoder().decode(Reply.self, from: line) { return reply }
        continue
      }
      let data = fromRunner.fileHandleForReading.availableData
      if data.isEmpty { return nil }
      buffer.append(data)
    }
  }

  /// The last line of what the process wrote to its standard error.
  private var lastComplaint: String? {
    guard let data = FileManager.default.contents(atPath: complaints.path) else { return nil }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").last.map(String.init)
  }
}

/// Why a runner cannot do something.
struct RunnerError: Error, CustomStringConvertible {
  let reason: String
  /// Whether the problem has to be opened again before anything else is asked about it.
  var isClosed = false
  var description: String { reason }
}
