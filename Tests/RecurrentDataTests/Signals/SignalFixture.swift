import RecurrentTestSupport

@testable import RecurrentData

/// A record that another program wrote or read, in a folder of its own.
struct SignalFixture {
  let folder: ScratchFolder
  /// The files, by their names.
  private(set) var files: [String: [UInt8]] = [:]
  /// What is in the channels by the other program; NaN where values are missing.
  private(set) var values: [[Float]] = []
  private let options: [String: FixtureOption]

  init(_ name: String) throws {
    let fixture = try FixtureFile("signals")
    folder = try ScratchFolder()
    options = fixture.cases[name] ?? [:]
    for info in fixture.file.tensors where info.name.hasPrefix(name + "/") {
      let file = String(info.name.dropFirst(name.count + 1))
      if file.hasPrefix("values") {
        values.append(try fixture.file.floats(named: info.name))
      } else {
        files[file] = try fixture.bytes(info.name)
        _ = try folder.file(file, files[file] ?? [])
      }
    }
    guard !files.isEmpty else { throw CheckFailure("there is no case \(name)") }
  }

  /// The path of a file.
  func path(_ name: String) -> String { folder.path + "/" + name }

  /// The head, or the only file.
  var source: DataSource {
    DataSource(path(files["r1.hea"] != nil ? "r1.hea" : files.keys.sorted()[0]))
  }

  func text(_ name: String) -> String { if case .text(let text)? = options[name] { text } else { "" } }
  func words(_ name: String) -> [String] {
    text(name).split(separator: "|", omittingEmptySubsequences: false).map(String.init)
  }
  func number(_ name: String) -> Double {
    if case .number(let number)? = options[name] { number } else { .nan }
  }
  func numbers(_ name: String) -> [Double] {
    if case .numbers(let numbers)? = options[name] { numbers } else { [] }
  }

  /// Throws unless channels are what the other program reads.
  func check(_ file: any SignalFile) throws {
    try require(file.channels.map(\.name) == words("channels"), "\(file.channels.map(\.name))")
    for (channel, expected) in values.enumerated() {
      try require(
        file.channels[channel].count == expected.count, "\(file.channels[channel]), not \(expected.count)")
      let all = try file.samples(of: channel, 0..<expected.count)
      for (step, (own, other)) in zip(all, expected).enumerated() {
        let isSame = own.isNaN && other.isNaN || abs(own - other) <= 1e-6 * max(1, abs(other))
        try require(isSame, "channel \(channel), step \(step): \(own), not \(other)")
      }
      let middle = expected.count / 3..<expected.count / 3 * 2
      let part = try file.samples(of: channel, middle)
      try require(zip(part, all[middle]).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "a part differs")
    }
  }
}
