import RecurrentTestSupport
import Testing

@testable import RecurrentData

/// Recordings with several texts that are as right.
@Suite struct TranscriptAlternativesTests {
  private static func folder(_ table: String) throws -> (ScratchFolder, DataSource) {
    let folder = try ScratchFolder()
    for name in ["a.npy", "b.npy"] { _ = try folder.file(name, [1]) }
    return (folder, DataSource(try folder.file("captions.csv", Array(table.utf8))))
  }

  @Test func rowsOfTheSameFile() throws {
    let (folder, table) = try Self.folder(
      "file,caption,split\na.npy,a man cooks,train\nb.npy,a dog,test\na.npy,\" someone\ncooks \",train\na.npy,,train\n"
    )
    let source = try RecordSource(transcripts: table, takesAlternatives: true)
    #expect(source.count == 2)
    #expect(source.transcript(0) == "a man cooks" && source.alternatives(0) == ["someone cooks"])
    #expect(source.alternatives(1).isEmpty)
    #expect(try source.record(0).alternatives == ["someone cooks"])
    #expect(source.selecting([1, 0]).alternatives(1) == ["someone cooks"])
    #expect(RecordSource.joined([source, source]).alternatives(2) == ["someone cooks"])
    // a transcript is one
    #expect(throws: DataError.self) { try RecordSource(transcripts: table) }
    _ = folder
  }

  /// A sample beside the whole adds no text a second time.
  @Test func tablesThatOverlap() throws {
    let (folder, _) = try Self.folder("file,caption\na.npy,x\na.npy,y\nb.npy,z\n")
    _ = try folder.file("sample.csv", Array("file,caption\na.npy,y\nb.npy,w\n".utf8))
    let source = try RecordSource(transcripts: DataSource(folder.path), takesAlternatives: true)
    #expect(source.count == 2)
    #expect((0..<2).map { source.alternatives($0) } == [["y"], ["w"]])
  }

  @Test func severalColumns() throws {
    let (folder, table) = try Self.folder("file,first,second,third\na.npy,x,y,\nb.npy,u,v,w\n")
    let columns = TranscriptColumns(transcript: "first", alternatives: ["second", "third"])
    let source = try RecordSource(transcripts: table, columns: columns, takesAlternatives: true)
    #expect((0..<2).map { source.alternatives($0) } == [["y"], ["v", "w"]])
    #expect(source.transcript(0) == "x")
    let wrong = TranscriptColumns(transcript: "first", alternatives: ["fourth"])
    let error = #expect(throws: DataError.self) { try RecordSource(transcripts: table, columns: wrong) }
    #expect(error.map { "\($0)" }?.contains("fourth") ?? false)
    _ = folder
  }

  @Test func allInOnePart() throws {
    let (folder, table) = try Self.folder("file,caption,split\na.npy,x,train\na.npy,y,test\n")
    let error = #expect(throws: DataError.self) {
      try RecordSource(transcripts: table, takesAlternatives: true)
    }
    #expect(error.map { "\($0)" }?.contains("line 3: expected all texts of a recording in one part") ?? false)
    _ = folder
  }
}
