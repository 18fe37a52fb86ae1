import Foundation
import Recurrent

/// Runs ours and the opponents in turn, problem by problem.
final class Comparison {
  struct Settings {
    var threads: Int
    var isPinned: Bool
    /// Rounds of each side.
    var rounds: Int
    /// Seconds of one block of one side.
    var seconds: Double
    /// Seconds after which an answer of an opponent is given up.
    var limit: Int
    /// Whether peak memory is measured, in processes of their own.
    var measuresMemory: Bool
  }

  let settings: Settings
  private let factory: RunnerFactory
  private let opponents: [Runner]
  private let progress: Progress

  init(
    _ settings: Settings, factory: RunnerFactory, opponents: [Runner], progress: Progress
  ) {
    self.settings = settings
    self.factory = factory
    self.opponents = opponents
    self.progress = progress
  }

  /// One way of one side, while it is measured.
  private final class Contestant {
    let runner: Runner
    let variant: String
    var repeats = 1
    var times: [Double] = []
    /// Whether it is clearly slower than another way of the same side.
    var isBeaten = false
    /// Why it could not go on.
    var failure: String?

    init(_ runner: Runner, _ variant: String) {
      self.runner = runner
      self.variant = variant
    }
  }

  /// Measures a problem in one mode.
  ///
  /// - Throws: when our side cannot; an opponent that cannot is left out, with the reason in the row.
  func measure(_ problem: Problem, mode: ProblemKind.Mode, file: String) throws(RunnerError) -> Results.Row {
    let ours = try factory.ours()
    defer { ours.quit() }
    var contestants: [Contestant] = []
    for variant in try open(ours, problem, mode) { contestants.append(Contestant(ours, variant)) }
    if let plainCell = problem.plainCell {
      let plain = try factory.ours(named: "plain")
      for variant in try open(plain, plainCell, mode) { contestants.append(Contestant(plain, variant)) }
    }
    defer {
      for contestant in contestants where contestant.runner.name == "plain" { contestant.runner.quit() }
    }
    progress.say("our values")
    let reference = try ours.ask(Request(check: contestants[0].variant)).values ?? [:]
    var skipped: [String: String] = [:]
    var opened: [Runner] = []
    for opponent in opponents {
      do {
        let variants = try open(opponent, problem, mode)
        opened.append(opponent)
        var reasons: [String] = []
        var agreeing: [(variant: String, checkTime: Double)] = []
        for variant in variants {
          progress.say("\(opponent.name) (\(variant)): check")
          var reason: String?
          let time = milliseconds {
            do throws(RunnerError) {
              reason = try disagreement(opponent, variant, reference, problem)
            } catch {
              reason = error.reason
              if error.isClosed { _ = try? open(opponent, problem, mode) }
            }
          }
          if let reason { reasons.append("\(variant): \(reason)") } else { agreeing.append((variant, time)) }
        }
        let quickest = agreeing.map(\.checkTime).min() ?? 0
        for (variant, time) in agreeing {
          // some ways take minutes for what another one does in seconds
          if time > max(20_000, 10 * quickest) {
            reasons.append("\(variant): given up after \(rounded(time / 1000, 0)) s of its check")
          } else {
            contestants.append(Contestant(opponent, variant))
          }
        }
        if !reasons.isEmpty { skipped[opponent.name] = reasons.joined(separator: "; ") }
      } catch {
        skipped[opponent.name] = "\(error)"
      }
    }
    let limit = try race(contestants) { runner in _ = try? self.open(runner, problem, mode) }
    for opponent in opened { _ = try? opponent.ask(Request(close: true)) }
    return try row(problem, mode, file, contestants, skipped, limit: limit)
  }

  private func request(_ problem: Problem, _ mode: ProblemKind.Mode) -> Request {
    Request(
      open: problem, mode: mode, threads: settings.threads, pin: settings.isPinned, limit: settings.limit)
  }

  /// The ways in which a side can do a problem.
  private func open(
    _ runner: Runner, _ problem: Problem, _ mode: ProblemKind.Mode
  ) throws(RunnerError) -> [String] {
    let reply = try runner.ask(request(problem, mode))
    guard let variants = reply.variants, !variants.isEmpty else {
      throw RunnerError(reason: reply.skip ?? "it names no way to compute this")
    }
    return variants
  }

  /// Why the values of an opponent are not ours; nil when they are.
  private func disagreement(
    _ opponent: Runner, _ variant: String, _ reference: [String: Double], _ problem: Problem
  ) throws(RunnerError) -> String? {
    let values = try opponent.ask(Request(check: variant)).values ?? [:]
    let precision = problem.options["precision"] ?? "float32"
    let tolerance = precision == "float32" ? 1e-3 : 5e-2
    let shared = reference.keys.filter { values[$0] != nil }.sorted()
    if shared.isEmpty { return "its values cannot be compared" }
    for name in shared {
      let (own, other) = (reference[name] ?? .nan, values[name] ?? .nan)
      // the loss of layers is a sum over random signs: its scale is that of the output
      let scale = name == "loss" ? reference["output"] ?? abs(own) : Swift.max(abs(own), abs(other))
      if !(abs(own - other) <= tolerance * scale + 1e-6) {
        return "computes something else: \(name) is \(other), ours \(own)"
      }
    }
    if reference.keys.contains(where: { $0.hasPrefix("d_weight") })
      && !shared.contains(where: { $0.hasPrefix("d_weight") })
    {
      return "computes no gradients of parameters"
    }
    return nil
  }

  /// Blocks of everybody in turn. Threads of some go on spinning for a while after a block, so everybody waits.
  ///
  /// - Returns: what the processor does at most meanwhile, in GFLOP/s.
  private func race(
    _ contestants: [Contestant], reopen: (Runner) -> Void
  ) throws(RunnerError) -> Double {
    var limits: [Double] = []
    for round in 0..<settings.rounds {
      // nobody is always the one behind a certain other
      let order = contestants[(round % contestants.count)...] + contestants[..<(round % contestants.count)]
      for contestant in order where !contestant.isBeaten && contestant.failure == nil {
        progress.say(
          "round \(round + 1) of \(settings.rounds): \(contestant.runner.name) (\(contestant.variant))")
        usleep(300_000)
        do {
          try takeTurn(contestant)
        } catch {
          if isOurs(contestant.runner.name) { throw error }
          contestant.failure = error.reason
          if error.isClosed { reopen(contestant.runner) }
        }
      }
      for contestant in contestants {
        let rivals = contestants.filter { $0.runner === contestant.runner && !$0.times.isEmpty }
        let fastest = rivals.map { median($0.times) }.min() ?? .infinity
        contestant.isBeaten = median(contestant.times) > 1.3 * fastest
      }
      // as long as our turn: the clock falls while work goes on
      let turn = contestants.first.map { $0.times.suffix($0.repeats).reduce(0, +) / 1000 } ?? 0
      usleep(300_000)
      limits += multiplyAddRates(threads: settings.threads, seconds: Swift.max(settings.seconds, turn))
    }
    return median(limits)
  }

  private func takeTurn(_ contestant: Contestant) throws(RunnerError) {
    if contestant.times.isEmpty {
      let first = try contestant.runner.ask(Request(run: contestant.variant, warmup: 1, repeat: 2))
      let once = first.milliseconds?.min() ?? 1
      contestant.repeats = max(2, min(200, Int(settings.seconds * 1000 / max(once, 0.01))))
    }
    let request = Request(run: contestant.variant, warmup: 1, repeat: contestant.repeats)
    contestant.times += try contestant.runner.ask(request).milliseconds ?? []
  }

  private func isOurs(_ name: String) -> Bool { name == "recurrent" || name == "plain" }

  private func row(
    _ problem: Problem, _ mode: ProblemKind.Mode, _ file: String, _ contestants: [Contestant],
    _ refusals: [String: String], limit: Double
  ) throws(RunnerError) -> Results.Row {
    var timings: [String: Results.Timing] = [:]
    var skipped = refusals
    for contestant in contestants {
      guard let failure = contestant.failure else { continue }
      let earlier = skipped[contestant.runner.name].map { [$0] } ?? []
      skipped[contestant.runner.name] = (earlier + ["\(contestant.variant): \(failure)"]).joined(
        separator: "; ")
    }
    let finished = contestants.filter { $0.failure == nil }
    for (name, ways) in Dictionary(grouping: finished, by: \.runner.name) {
      let medians = Dictionary(uniqueKeysWithValues: ways.map { ($0.variant, median($0.times)) })
      guard let best = medians.min(by: { $0.value < $1.value }) else { continue }
      progress.say("memory of \(name)")
      let asked = name == "plain" ? problem.plainCell ?? problem : problem
      timings[name] = Results.Timing(
        variant: best.key, milliseconds: best.value, variants: medians,
        peakBytes: settings.measuresMemory ? memory(name, best.key, asked, mode) : nil)
    }
    guard let ours = timings.removeValue(forKey: "recurrent") else {
      throw RunnerError(reason: "\(problem.name): nothing of ours was measured")
    }
    let plain = timings.removeValue(forKey: "plain")
    let gigaflops = problem.operations(mode) / ours.milliseconds * 1e-6
    let rate = problem.rate(milliseconds: ours.milliseconds)
    return Results.Row(
      file: file, problem: problem.name, kind: problem.kind, mode: mode, ours: ours, gigaflops: gigaflops,
      limit: limit, fractionOfLimit: gigaflops / limit,
      rateName: rate?.name, rate: rate?.value, plain: plain,
      opponents: timings, skipped: skipped)
  }

  /// The peak memory of a fresh process that runs one way of a problem a few times.
  private func memory(
    _ name: String, _ variant: String, _ problem: Problem, _ mode: ProblemKind.Mode
  ) -> Int? {
    let own = isOurs(name) ? try? factory.ours(named: name) : nil
    defer { own?.quit() }
    guard let runner = own ?? opponents.first(where: { $0.name == name }),
      (try? open(runner, problem, mode)) != nil
    else { return nil }
    defer { _ = try? runner.ask(Request(close: true)) }
    _ = try? runner.ask(Request(run: variant, warmup: 1, repeat: 2))
    return try? runner.ask(Request(memory: true)).peak
  }
}
