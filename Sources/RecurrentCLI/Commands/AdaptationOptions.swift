import ArgumentParser
import Recurrent

extension AdaptationMethod: ExpressibleByArgument {}

/// Numbers of a model that goes on learning from what it reads.
struct AdaptationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "With --adapt dynamic or both, the step size (default, as of all these numbers: what --tune-adaptation has chosen, or a "
        + "standard one).", valueName: "x"))
  var adaptRate: Double?

  @Option(
    help: ArgumentHelp(
      "The same: the share of the way back to the weights of the bundle in each step.", valueName: "x"))
  var adaptPull: Double?

  @Option(help: ArgumentHelp("The same: tokens that are learnt from at a time.", valueName: "n"))
  var adaptSegment: Int?

  @Option(help: ArgumentHelp("With --adapt cache or both, tokens that are remembered.", valueName: "n"))
  var cacheWindow: Int?

  @Option(
    help: ArgumentHelp("The same: 0 to count tokens alone, more to trust like places more.", valueName: "x"))
  var cacheFlatness: Double?

  @Option(help: ArgumentHelp("The same: the share of a full cache in each probability.", valueName: "x"))
  var cacheWeight: Double?

  /// Whether none is given.
  var areNone: Bool {
    adaptRate == nil && adaptPull == nil && adaptSegment == nil && cacheWindow == nil && cacheFlatness == nil
      && cacheWeight == nil
  }

  /// Verifies that numbers are given with a method.
  func check(_ method: AdaptationMethod?) throws {
    guard method != nil || areNone else {
      throw ValidationError("--adapt-rate and the like, and --cache-window and the like, are for --adapt")
    }
  }

  /// What is asked for.
  func request(_ method: AdaptationMethod) -> AdaptationRequest {
    AdaptationRequest(
      method, rate: adaptRate, pull: adaptPull, segment: adaptSegment, window: cacheWindow,
      flatness: cacheFlatness, weight: cacheWeight)
  }
}
