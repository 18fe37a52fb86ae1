import ArgumentParser
import Foundation

@main
enum Main {
  static func main() {
    // a runner that ends is noticed by its missing answer
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try Benchmark.parseAsRoot()
      try command.run()
    } catch let error as ProblemError {
      fail("error: \(error)", code: 2)
    } catch let error as RunnerError {
      fail("error: \(error)", code: 1)
    } catch let code as ExitCode {
      exit(code.rawValue)
    } catch {
      let code = Benchmark.exitCode(for: error)
      if code == .success {
        print(Benchmark.fullMessage(for: error))
        return
      }
      fail(Benchmark.fullMessage(for: error), code: code == .validationFailure ? 2 : 1)
    }
  }

  private static func fail(_ message: String, code: Int32) -> Never {
    try? FileHandle.standardError.write(contentsOf: Data((message + "\n").utf8))
    exit(code)
  }
}
