import Foundation
import RecurrentTestSupport
import Testing

@testable import RecurrentFormats

/// Files of HDF5 as h5py writes them, and withstanding damage.
@Suite struct HDF5FileTests {
  struct Contents: Decodable {
    struct DataSet: Decodable {
      var shape: [Int]
      var values: [Double]?
      var texts: [String]?
    }
    var files: [String: [String: DataSet]]
  }

  static func archive() throws -> ZipArchive {
    try ZipArchive(storage: FileBytes(fixture("hdf5.zip")), path: "hdf5.zip")
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    let archive = try archive()
    let entry = try #require(archive.entry(named: name))
    return try archive.content(of: entry).withBytes { Array($0) }
  }

  static let names = [
    "types-earliest", "types-v108", "types-latest", "chunks-earliest", "chunks-latest", "paged-earliest",
    "paged-latest", "groups-earliest", "groups-latest", "d4rl-earliest", "d4rl-latest", "minari-earliest",
    "minari-latest", "robomimic-earliest", "robomimic-latest",
  ]

  @Test(arguments: names) func readsWhatH5pyWrote(_ name: String) throws {
    let contents = try JSONDecoder().decode(Contents.self, from: Data(Self.bytes("contents.json")))
    let expected = try #require(contents.files[name + ".h5"])
    let file = try HDF5File(bytes: Self.bytes(name + ".h5"))
    #expect(Set(file.names) == Set(expected.keys), "\(name)")
    for (path, data) in expected {
      #expect(file.shape(of: path) == data.shape, "\(path)")
      if let texts = data.texts {
        let own = try file.texts(named: path)
        #expect(own == texts, "\(path)")
      } else if let values = data.values {
        let array = try file.array(named: path)
        let own = array.elementType.isFloat ? try array.doubles() : try array.integers().map { Double($0) }
        #expect(own == values, "\(path)")
      }
    }
  }

  @Test func groupsAndTextsBesideThem() throws {
    let file = try HDF5File(bytes: Self.bytes("types-latest.h5"))
    #expect(file.metadata == ["title": "a fixture"])
    for version in ["earliest", "latest"] {
      let groups = try HDF5File(bytes: Self.bytes("groups-\(version).h5"))
      #expect(groups.members(of: "many").count == 60 && groups.members(of: "a/b") == ["c"])
      #expect(groups.groups.contains("nothing") && groups.members(of: "nothing") == [])
    }
  }

  /// What is not read stands in the list, and says what to do.
  @Test(arguments: ["any length", "records", "lzf"]) func othersAreRefused(_ name: String) throws {
    for version in ["earliest", "latest"] {
      let file = try HDF5File(bytes: Self.bytes("refused-\(version).h5"), path: "x.h5")
      #expect(file.names.contains(name))
      let error = #expect(throws: FormatError.self) { try file.array(named: name) }
      #expect(error.map { "\($0)".contains("export to CSV") && "\($0)".contains(name) } ?? false)
      #expect(try file.array(named: "plain").count == 4)
    }
    #expect(throws: FormatError.self) { try HDF5File(bytes: Array("PK not this one".utf8)) }
  }

  static func readAll(_ bytes: [UInt8]) throws(FormatError) {
    let file = try HDF5File(bytes: bytes)
    for name in file.names {
      // of one that is not read the others are read all the same
      do throws(FormatError) { _ = try file.array(named: name).floats(convertsIntegers: true) } catch {
        if "\(error)".isEmpty { throw error }
      }
    }
  }

  @Test(arguments: ["types-earliest", "types-latest", "robomimic-latest", "chunks-latest", "groups-latest"])
  func withstandsDamage(_ name: String) throws {
    let bytes = try Self.bytes(name + ".h5")
    try checkFormat(bytes, rounds: 150, isCutNoticed: false) { (bytes) throws(FormatError) in
      try Self.readAll(bytes)
    }
  }

  /// Lengths, addresses and counts of a small file, each at its extremes.
  @Test func withstandsLies() throws {
    let bytes = try Self.bytes("d4rl-latest.h5")
    for place in stride(from: 8, to: bytes.count - 8, by: 2) {
      for word in [UInt64.max, 0, 1 << 62, UInt64(bytes.count)] {
        var damaged = bytes
        for byte in 0..<8 { damaged[place + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte)) }
        do throws(FormatError) { try Self.readAll(damaged) } catch { #expect(!"\(error)".contains("\n")) }
      }
    }
  }

  /// A type that stands for words of words, and so on without end, takes no more than its first two.
  @Test func typesInTypesEnd() throws {
    let bytes = [UInt8](repeating: 0x18, count: 16 << 20)
    let kind = try bytes.withUnsafeBytes { (bytes) throws(FormatError) in
      let sizes = HDF5Sizes(offset: 8, length: 8, base: 0)
      let source = HDF5Source(bytes, path: "x", sizes: sizes)
      var message = HDF5Message(source, try source.cursor(at: 0))
      return try message.datatype()
    }
    guard case .other = kind else { throw CheckFailure("found \(kind.text)") }
  }
}
