import RecurrentGraph
import RecurrentTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct OperatorCatalogTests {
  /// The table in the documentation is that of the code; RECURRENT_WRITE_DOCUMENTATION=1 writes it.
  @Test func documentationIsCurrent() throws {
    let path = repositoryRoot + "/Documentation/onnx.md"
    let text = """
      # Operators of ONNX

      What `recurrent apply`, `recurrent import` and `GraphProgram` run. Operators of the sets 7 to 28 are read; a node with an
      operator, a version or an attribute that is not known is refused by name before anything is computed. Floats of 32
      and 64 bits are computed as such, those of 16 bits in single precision and rounded after each operator. RNN, GRU and
      LSTM take every attribute and input, and run on the fused kernels unless the sums are clipped or the gates have other
      activations.

      \(OperatorCatalog.markdown)
      """ + "\n"
    if ProcessInfo.processInfo.environment["RECURRENT_WRITE_DOCUMENTATION"] == "1" {
      try AtomicFile.write(Array(text.utf8), to: path)
    }
    let found = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    #expect(found == text, "Documentation/onnx.md is not the table of the code")
  }
}
