import RecurrentFormats
import RecurrentTestSupport
import Testing

/// Checkpoints of PyTorch: read without running anything, and withstanding damage and malice.
@Suite struct TorchFileTests {
  @Test(arguments: ["checkpoint.pt", "checkpoint_plain.pt"]) func readsWhatPyTorchWrote(_ name: String) throws
  {
    let file = try TorchFile(bytes: fixture(name))
    try NPZFileTests.check(file, against: "checkpoint")
    #expect(file.names.first == "model.weight_ih_l0")
    #expect(file.names.count == 20 + 16 + 2)
    #expect(file.metadata["epoch"] == "3" && file.metadata["rate"] == "0.25")
    #expect(file.metadata["name"] == "a checkpoint" && file.metadata["big"] == "1099511627776")
    #expect(file.metadata["size.1"] == "4" && file.metadata["list.1.1"] == "-5")
    #expect(try file.array(named: "tensors.expanded").floats() == [1, 1, 1, 2, 2, 2])
  }

  @Test func readsAStateDict() throws {
    let file = try TorchFile(bytes: fixture("state_dict.pt"))
    #expect(file.names.count == 20 && file.names.contains("weight_hr_l1_reverse"))
  }

  @Test func runsNoCode() throws {
    let error = #expect(throws: FormatError.self) {
      try TorchFile(bytes: fixture("hostile_command.pt"), path: "f")
    }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(
      text.contains("posix.system") && text.contains("refused") && text.contains("f/hostile_command/data.pkl")
    )
  }

  @Test func aListThatHoldsItselfIsRefused() throws {
    let error = #expect(throws: FormatError.self) { try TorchFile(bytes: fixture("hostile_loop.pt")) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("nested too deeply"))
  }

  @Test func otherFilesAreNamed() throws {
    for (bytes, part) in [
      ([UInt8]("PK is not enough".utf8), "neither a zip file"), (try fixture("arrays.npz"), "no data.pkl"),
    ] {
      let error = #expect(throws: FormatError.self) { try TorchFile(bytes: bytes) }
      #expect("\(error.map { "\($0)" } ?? "")".contains(part))
    }
  }

  /// Before version 1.6 the storages stand behind the pickles; what is not theirs is named.
  @Test func plainCheckpointsAreChecked() throws {
    let bytes = try fixture("checkpoint_plain.pt")
    func message(_ bytes: [UInt8]) -> String {
      let error = #expect(throws: FormatError.self) { try TorchFile(bytes: bytes, path: "c.pt") }
      return error.map { "\($0)" } ?? ""
    }
    #expect(message(bytes + [0]).contains("c.pt"))
    #expect(message(Array(bytes.dropLast())).contains("c.pt"))
    // the version behind the mark: M 1001
    var other = bytes
    let place = try #require(bytes.indices.first { Array(bytes[$0...].prefix(3)) == [0x4D, 0xE9, 0x03] })
    other[place + 1] = 0xE8
    #expect(message(other).contains("expected 1001") && message(other).contains("1000"))
    let folder = try ScratchFolder()
    let path = try folder.file("c.pt")
    try AtomicFile.write(bytes, to: path)
    #expect(ArrayFileCatalog.recognizes(path))
    #expect(try ArrayFileCatalog.open(path).format == .torch)
  }

  @Test(arguments: ["checkpoint.pt", "checkpoint_plain.pt"]) func withstandsDamage(_ name: String) throws {
    try checkFormat(fixture(name), rounds: 1500) { (bytes) throws(FormatError) in
      let file = try TorchFile(bytes: bytes)
      for name in file.names { _ = try file.array(named: name).floats(convertsIntegers: true) }
    }
  }
}
