import Recurrent

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// ONNX Runtime in a Python process.
struct ONNXRuntime {
  let python: String

  private static let script = [
    "import sys, numpy, onnxruntime",
    #"session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])"#,
    "outputs = session.run(None, dict(numpy.load(sys.argv[2])))",
    "numpy.savez(sys.argv[3], **{info.name: value for info, value in zip(session.get_outputs(), outputs)})",
  ].joined(separator: "\n")

  /// The outputs of the model at `path`.
  ///
  /// - Throws: ``RunError`` where Python, ONNX Runtime or the model fails; what it says goes to the standard error.
  func run(_ path: String, _ inputs: [String: GraphValue]) throws -> [String: GraphValue] {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let hidden = (parts.dropLast() + [".\(parts.last ?? "").\(getpid())"]).joined(separator: "/")
    let given = hidden + ".inputs.npz"
    let found = hidden + ".outputs.npz"
    defer {
      unlink(given)
      unlink(found)
    }
    try NPYWriter.write(inputs.sorted { $0.key < $1.key }.map { $0.value.entry(named: $0.key) }, to: given)
    let (process, code) = ProcessLaunch().start([python, "-c", ONNXRuntime.script, path, given, found])
    guard code == 0 else {
      throw RunError.apply("--verify-with onnxruntime: \(python) cannot be started; name another by --python")
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
      throw RunError.apply("--verify-with onnxruntime: \(python) failed; is onnxruntime installed there?")
    }
    let file = try NPZFile(path: found)
    var results: [String: GraphValue] = [:]
    for name in file.names { results[name] = try GraphValue(file.array(named: name)) }
    return results
  }
}
