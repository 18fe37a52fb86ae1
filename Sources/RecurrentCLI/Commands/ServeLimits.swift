import ArgumentParser
import RecurrentServing

/// The limits of `recurrent serve`.
struct ServeLimits: ParsableArguments {
  private static let standard = ServingLimits()

  @Option(help: ArgumentHelp("Connections at the same time.", valueName: "n"))
  var maxConnections = standard.connections

  @Option(help: ArgumentHelp("Sessions in memory.", valueName: "n"))
  var maxSessions = standard.sessions

  @Option(help: ArgumentHelp("Sessions that are read in one step of the network.", valueName: "n"))
  var batchSize = standard.batchSize

  @Option(help: ArgumentHelp("Steps of a request.", valueName: "n"))
  var maxSteps = standard.steps

  @Option(help: ArgumentHelp("Requests of a session that wait.", valueName: "n"))
  var maxWaiting = standard.waitingPerSession

  @Option(
    help: ArgumentHelp(
      "Seconds of work that may wait; what comes then is told to come later.", valueName: "seconds"))
  var queueSeconds = standard.waitingSeconds

  @Option(
    help: ArgumentHelp(
      "Seconds of work that may go on waiting: more is taken as a burst, for --queue-seconds in all since nothing waited "
        + "(default: --queue-seconds).", valueName: "seconds"))
  var queueTarget: Double?

  @Option(help: ArgumentHelp("Completions that are written at the same time.", valueName: "n"))
  var maxCompletions = standard.completions

  @Option(help: ArgumentHelp("Predictions for whole sequences that wait.", valueName: "n"))
  var maxPredictions = standard.predictions

  @Option(help: ArgumentHelp("Tokens of a completion.", valueName: "n"))
  var maxTokens = standard.tokens

  @Option(help: ArgumentHelp("Choices of a completion.", valueName: "n"))
  var maxChoices = standard.choices

  @Option(
    help: ArgumentHelp("Tokens of a prompt that are read between two steps of the others.", valueName: "n"))
  var promptChunk = standard.promptChunk

  @Option(
    help: ArgumentHelp(
      "Bytes of states of prompts and answers that are kept, so that a prompt that begins with one is not read again; 0 for none.",
      valueName: "n"))
  var prefixBytes = standard.prefixBytes

  @Option(
    help: ArgumentHelp("Seconds after which a session that nobody uses leaves memory.", valueName: "seconds"))
  var idle = standard.idleSeconds

  @Option(
    help: ArgumentHelp("Seconds that a session is kept on disk without being used.", valueName: "seconds"))
  var diskIdle = standard.diskSeconds

  @Option(
    help: ArgumentHelp("Seconds between two writings of the sessions in use to disk.", valueName: "seconds"))
  var stateEvery = standard.stateSeconds

  @Option(help: ArgumentHelp("Bytes of the body of a request.", valueName: "n"))
  var maxBody = standard.bodyBytes

  @Option(help: ArgumentHelp("Bytes of the head of a request.", valueName: "n"))
  var maxHeader = standard.headerBytes

  @Option(help: ArgumentHelp("Fields of the head of a request.", valueName: "n"))
  var maxHeaderFields = standard.headerFields

  @Option(help: ArgumentHelp("Bytes of a message of a stream.", valueName: "n"))
  var maxMessage = standard.messageBytes

  @Option(help: ArgumentHelp("Bytes that a connection may be behind before its work waits.", valueName: "n"))
  var maxUnsent = standard.unsentBytes

  @Option(help: ArgumentHelp("Seconds until the head of a request is there.", valueName: "seconds"))
  var headTimeout = standard.headSeconds

  @Option(help: ArgumentHelp("Seconds until the whole request is there.", valueName: "seconds"))
  var bodyTimeout = standard.bodySeconds

  @Option(help: ArgumentHelp("Seconds that a connection may be without a request.", valueName: "seconds"))
  var keepAlive = standard.keepAliveSeconds

  @Option(
    help: ArgumentHelp(
      "Seconds of silence after which an event stream gets a sign of life.", valueName: "seconds"))
  var silence = standard.silenceSeconds

  @Option(help: ArgumentHelp("Seconds that requests have to end when the server does.", valueName: "seconds"))
  var drainTimeout = standard.drainSeconds

  /// The limits.
  ///
  /// - Throws: `ValidationError` for one that is impossible.
  func resolved() throws -> ServingLimits {
    var limits = ServingLimits()
    func count(_ value: Int, _ flag: String, upTo most: Int = 1 << 30) throws -> Int {
      guard (1...most).contains(value) else {
        throw ValidationError("--\(flag) is \(value), expected a whole number from 1 to \(most)")
      }
      return value
    }
    func seconds(_ value: Double, _ flag: String) throws -> Double {
      guard (0...31_536_000).contains(value) else {
        throw ValidationError("--\(flag) is \(value), expected 0 to 31536000 seconds")
      }
      return value
    }
    limits.connections = try count(maxConnections, "max-connections")
    limits.sessions = try count(maxSessions, "max-sessions")
    limits.batchSize = try count(batchSize, "batch-size", upTo: 4096)
    limits.steps = try count(maxSteps, "max-steps")
    limits.waitingPerSession = try count(maxWaiting, "max-waiting")
    limits.waitingSeconds = try seconds(queueSeconds, "queue-seconds")
    limits.standingSeconds = try queueTarget.map { try seconds($0, "queue-target") } ?? limits.waitingSeconds
    guard limits.standingSeconds <= limits.waitingSeconds else {
      throw ValidationError(
        "--queue-target is \(limits.standingSeconds), expected at most --queue-seconds, \(limits.waitingSeconds)"
      )
    }
    limits.completions = try count(maxCompletions, "max-completions")
    limits.predictions = try count(maxPredictions, "max-predictions")
    limits.tokens = try count(maxTokens, "max-tokens")
    limits.choices = try count(maxChoices, "max-choices", upTo: 1024)
    limits.promptChunk = try count(promptChunk, "prompt-chunk", upTo: 1 << 16)
    guard (0...1 << 40).contains(prefixBytes) else {
      throw ValidationError("--prefix-bytes is \(prefixBytes), expected a whole number from 0 to \(1 << 40)")
    }
    limits.prefixBytes = prefixBytes
    limits.idleSeconds = try seconds(idle, "idle")
    limits.diskSeconds = try seconds(diskIdle, "disk-idle")
    limits.stateSeconds = try seconds(stateEvery, "state-every")
    limits.bodyBytes = try count(maxBody, "max-body")
    limits.headerBytes = try count(maxHeader, "max-header")
    limits.headerFields = try count(maxHeaderFields, "max-header-fields")
    limits.messageBytes = try count(maxMessage, "max-message")
    limits.unsentBytes = try count(maxUnsent, "max-unsent")
    limits.headSeconds = try seconds(headTimeout, "head-timeout")
    limits.bodySeconds = try seconds(bodyTimeout, "body-timeout")
    limits.keepAliveSeconds = try seconds(keepAlive, "keep-alive")
    limits.silenceSeconds = try seconds(silence, "silence")
    limits.drainSeconds = try seconds(drainTimeout, "drain-timeout")
    return limits
  }
}
