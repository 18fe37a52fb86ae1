#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import RecurrentData
import Testing

@Suite struct DataNoteTests {
  /// Bundles that were written when notes named flags can still be read.
  @Test(arguments: [
    (#"{"kind":"assumed","text":"x","flag":"--label-column"}"#, "label-column"),
    (#"{"kind":"assumed","text":"x","flag":"--event-start, --event-unit"}"#, "event-start, event-unit"),
    (#"{"kind":"assumed","text":"x","setting":"split"}"#, "split"),
    (#"{"kind":"assumed","text":"x"}"#, nil),
  ])
  func settings(_ text: String, _ setting: String?) throws {
    let note = try JSONDecoder().decode(DataNote.self, from: Data(text.utf8))
    #expect(note == DataNote(.assumed, "x", setting: setting))
    let written = try JSONEncoder().encode(note)
    #expect(try JSONDecoder().decode(DataNote.self, from: written) == note)
    #expect(!String(decoding: written, as: UTF8.self).contains("flag"))
  }
}
