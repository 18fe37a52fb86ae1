import CMachine
import Foundation
import Recurrent

/// Our side of a comparison: answers requests about one problem until its input ends. The process is started anew for
/// every problem, so that its peak memory is that of the problem.
enum Worker {
  static func serve() {
    // as many threads as the opponents are told
    setenv("RECURRENT_EXACT_THREADS", "1", 1)
    write(Reply(name: "recurrent", versions: ["recurrent": "this checkout"]))
    var work: Work?
    var backend: CPUBackend?
    while let line = readLine() {
      guard let request = try? JSONDecoder().decode(Request.self, from: Data(line.utf8)) else {
        write(Reply(error: "not a request: \(line)"))
        continue
      }
      if let problem = request.open {
        let threads = request.threads ?? 1
        if request.pin == true { _ = machine_use_processors(Int32(threads)) }
        let made = CPUBackend(threadCount: threads)
        if request.pin == true { _ = machine_pin_threads() }
        backend = made
        work = Backends.$current.withValue(made) { Work(problem, mode: request.mode ?? .forward) }
        write(Reply(variants: work?.variants.keys.sorted()))
      } else if request.memory == true {
        write(Reply(peak: peakMemory()))
      } else if request.close == true {
        work = nil
        write(Reply(closed: true))
      } else if let work, let backend {
        write(Backends.$current.withValue(backend) { answer(request, work) })
      } else {
        write(Reply(error: "no problem is open"))
      }
    }
  }

  private static func answer(_ request: Request, _ work: Work) -> Reply {
    if let name = request.check, let variant = work.variants[name] { return Reply(values: variant.check()) }
    guard let name = request.run, let variant = work.variants[name] else {
      return Reply(error: "no such variant")
    }
    for _ in 0..<(request.warmup ?? 1) { _ = variant.run() }
    return Reply(milliseconds: (0..<(request.repeat ?? 1)).map { _ in variant.run() })
  }

  private static func write(_ reply: Reply) {
    guard let data = try? JSONEncoder().encode(reply) else { return }
    try? FileHandle.standardOutput.write(contentsOf: data + Data([10]))
  }
}
