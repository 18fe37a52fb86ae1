import Foundation

/// Finds and starts runners.
struct RunnerFactory {
  /// The opponents that there are scripts for.
  static let opponents = ["torch", "onnxruntime", "openvino", "tensorflow", "jax", "pyctcdecode"]

  /// The interpreter of each opponent; under "" that of the others.
  let interpreters: [String: String]
  let isPinned: Bool

  /// Ours, in a process of its own.
  func ours(named name: String = "recurrent") throws(RunnerError) -> Runner {
    try Runner(name: name, command: [Bundle.main.executablePath ?? CommandLine.arguments[0], "--worker"])
  }

  /// An opponent, with everything that runs several problems kept.
  func opponent(_ name: String) throws(RunnerError) -> Runner {
    let python = interpreters[name] ?? interpreters[""] ?? "python3"
    var environment = [
      "PYTHONDONTWRITEBYTECODE": "1", "TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "",
    ]
    if isPinned { environment.merge(["OMP_PROC_BIND": "true", "OMP_PLACES": "cores"]) { $1 } }
    return try Runner(
      name: name, command: [python, RunnerFactory.scripts + "/\(name)_peer.py"], environment: environment)
  }

  /// The folder of the scripts.
  private static var scripts: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("peers").path
  }
}
