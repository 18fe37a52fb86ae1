import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct IDXFileTests {
  @Test(arguments: [8, 9, 11, 12, 13, 14])
  func readsEveryType(_ code: Int) throws {
    let fixture = try FixtureFile("binary_files")
    let file = try IDXFile(DataBytes(fixture.bytes("idx_\(code)/file")))
    #expect(file.shape == [3, 2, 5])
    let expected = try fixture.tensor("idx_\(code)/values").scalars
    #expect((0..<3).flatMap { file.row($0) } == expected)
  }

  @Test func rowsOfOneAxisAreNumbers() throws {
    let file = try IDXFile(DataBytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 255]))
    #expect((0..<3).map { file.row($0) } == [[7], [8], [255]])
  }

  @Test(
    arguments: [
      [0, 0, 7, 1, 0, 0, 0, 0], [0, 0, 8, 0, 0, 0, 0, 0], [1, 0, 8, 1, 0, 0, 0, 0], [0, 0, 8, 1, 0, 0, 0],
      [0, 0, 8, 1, 0, 0, 0, 1], [0, 0, 14, 2, 255, 255, 255, 255, 255, 255, 255, 255],
      [0, 0, 14, 3] + [UInt8](repeating: 255, count: 12), [0, 0, 8, 2, 0, 0, 0, 1],
    ] as [[UInt8]])
  func refusesWhatItCannotRead(_ bytes: [UInt8]) {
    #expect(throws: DataError.self) { try IDXFile(DataBytes(bytes)) }
  }

  @Test(arguments: [8, 11, 14])
  func withstandsDamage(_ code: Int) throws {
    try checkFormat(FixtureFile("binary_files").bytes("idx_\(code)/file")) { (bytes) throws(DataError) in
      let file = try IDXFile(DataBytes(bytes))
      for index in 0..<min(file.shape[0], 10) where file.shape.allSatisfy({ $0 > 0 }) { _ = file.row(index) }
    }
  }
}
