import Foundation
import RecurrentTestSupport
import Testing

/// A program in C that is compiled with the header and runs with the shared library.
@Suite struct CompilerTests {
  private static let compiler: String? = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let places = path.split(separator: ":").flatMap { folder in
      ["cc", "gcc", "clang"].map { "\(folder)/\($0)" }
    }
    return places.first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// The shared library beside the tests; nil where it was not built with them.
  private static let libraryFolder: String? = {
    #if os(Linux)
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    return FileManager.default.fileExists(atPath: tests.path + "/libRecurrentC.so") ? tests.path : nil
    #else
    return nil
    #endif
  }()

  private func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test(
    .enabled(if: CompilerTests.compiler != nil, "there is no C compiler"),
    .enabled(if: CompilerTests.libraryFolder != nil, "libRecurrentC.so was not built"))
  func theControlLoopRuns() throws {
    let compiler = try #require(CompilerTests.compiler)
    let library = try #require(CompilerTests.libraryFolder)
    let opened = try OpenedLayers()
    let program = opened.folder.path + "/control"
    let compilation = try run(
      compiler,
      [
        "-std=c11", "-Wall", "-Wextra", "-Werror", "-I" + repositoryRoot + "/Sources/CRecurrent/include",
        repositoryRoot + "/Examples/C/control.c", "-L" + library, "-Wl,-rpath," + library, "-lRecurrentC",
        "-lm", "-o", program,
      ])
    #expect(compilation.code == 0, "\(compilation.output)")
    let loop = try run(program, [opened.folder.path + "/layers.safetensors", "20"])
    #expect(loop.code == 0 && loop.output.hasPrefix("20 steps of 3 numbers: "), "\(loop.output)")
    let wrong = try run(program, [opened.folder.path + "/none"])
    #expect(wrong.code == 1 && wrong.output.contains("none"))
  }
}
