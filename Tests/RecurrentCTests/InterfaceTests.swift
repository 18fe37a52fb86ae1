import CRecurrent
import Foundation
import RecurrentTestSupport
import Testing

/// The header, the functions that are written and the list of exported symbols name the same.
@Suite struct InterfaceTests {
  private func names(_ pattern: String, in text: String) throws -> Set<String> {
    let expression = try NSRegularExpression(pattern: pattern)
    let all = NSRange(text.startIndex..., in: text)
    return Set(
      expression.matches(in: text, range: all).compactMap { match in
        Range(match.range(at: 1), in: text).map { String(text[$0]) }
      })
  }

  private func file(_ path: String) throws -> String {
    try String(contentsOfFile: repositoryRoot + "/Sources/" + path, encoding: .utf8)
  }

  @Test func allNameTheSame() throws {
    let header = try file("CRecurrent/include/recurrent.h")
    let declared = try names(#"(?m)^[a-z][a-z0-9_ \*]*?\b(rec_[a-z_]+)\("#, in: header)
    let exported = try names(#"\b(rec_[a-z_]+);"#, in: file("CRecurrent/recurrent.map"))
    var written = try names(#"(?m)^[a-z][a-z0-9_ \*]*?\b(rec_[a-z_]+)\("#, in: file("CRecurrent/recurrent.c"))
    let folder = repositoryRoot + "/Sources/RecurrentC"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      written.formUnion(try names(#"@_cdecl\("(rec_[a-z_]+)"\)"#, in: file("RecurrentC/" + name)))
    }
    #expect(declared.count > 30)
    #expect(declared == exported)
    #expect(declared == written)
  }

  @Test func structuresAreNotMoved() {
    // a change of these breaks programs that are compiled: append members, and raise REC_MAJOR for anything else
    #expect(MemoryLayout<rec_error>.size == 1024)
    #expect(MemoryLayout<rec_cell>.size == 72)
    #expect(MemoryLayout<rec_weights>.size == 80)
    #expect(MemoryLayout<rec_forward_call>.size == 136)
    #expect(MemoryLayout<rec_backward_call>.size == 72)
    #expect(MemoryLayout<rec_array>.size == 40)
  }

  @Test func versionsAreThoseOfThePackage() {
    #expect(rec_version().map { String(cString: $0) } == RecurrentVersion.current)
    #expect(rec_interface() == REC_MAJOR * 1000 + REC_MINOR)
    #expect(RecurrentVersion.current.hasPrefix("\(REC_MAJOR).\(REC_MINOR)."))
  }
}
