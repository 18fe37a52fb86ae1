extension ServingMetrics {
  /// A family of values.
  public struct Family: Sendable {
    /// How values are written.
    public enum Kind: Sendable {
      /// Only ever grows.
      case counter
      /// Goes up and down.
      case gauge
      /// Counts of values up to bounds.
      case histogram([Double])
    }

    let name: String
    let help: String
    let kind: Kind

    init(_ name: String, _ help: String, _ kind: Kind) {
      (self.name, self.help, self.kind) = (name, help, kind)
    }

    private static let seconds = [
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
    ]
    private static let counts = [1.0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096]

    package static let requests = Family("rnn_requests_total", "Requests by route and status.", .counter)
    package static let duration = Family(
      "rnn_request_duration_seconds", "From the whole request to its answer.", .histogram(seconds))
    package static let firstToken = Family(
      "rnn_time_to_first_token_seconds", "From a request to the first token of its completion.",
      .histogram(seconds))
    package static let interToken = Family(
      "rnn_inter_token_seconds", "Between two tokens of a completion.", .histogram(seconds))
    package static let tokens = Family("rnn_generated_tokens_total", "Tokens that were written.", .counter)
    package static let promptTokens = Family(
      "rnn_prompt_tokens_total", "Tokens of prompts that were read.", .counter)
    package static let prefixTokens = Family(
      "rnn_prefix_tokens_total", "Tokens of prompts that were not read, as a state behind them was kept.",
      .counter)
    package static let prefixStates = Family(
      "rnn_prefix_states", "States of beginnings of texts that are kept.", .gauge)
    package static let prefixBytes = Family(
      "rnn_prefix_bytes", "Memory of the states of beginnings of texts.", .gauge)
    package static let steps = Family("rnn_steps_total", "Lines of sessions that were read.", .counter)
    package static let batchRows = Family(
      "rnn_batch_rows", "Sessions of a model that were read together.", .histogram(counts))
    package static let batchSteps = Family(
      "rnn_batch_steps", "Lines and tokens that were read in one turn.", .histogram(counts))
    package static let queueWait = Family(
      "rnn_queue_wait_seconds", "From a request to the turn that takes it.", .histogram(seconds))
    package static let computeTime = Family(
      "rnn_request_compute_seconds", "Of requests with steps: the time of the batch that read them.",
      .histogram(seconds))
    package static let stepRequests = Family(
      "rnn_step_requests_total", "Requests with steps that a model has answered, by how.", .counter)
    package static let completions = Family(
      "rnn_completions", "Completions that are written, and those that wait for it.", .gauge)
    package static let completionEnds = Family(
      "rnn_completions_total", "Completions by what has ended them.", .counter)
    package static let completionTime = Family(
      "rnn_completion_seconds", "From a request to the end of its completion.", .histogram(seconds))
    package static let stepTime = Family("rnn_step_seconds", "One turn of the network.", .histogram(seconds))
    package static let sessions = Family("rnn_sessions", "Live sessions by place.", .gauge)
    package static let evicted = Family(
      "rnn_sessions_evicted_total", "Sessions that left memory, by where they went.", .counter)
    package static let rejected = Family(
      "rnn_rejected_total", "Requests that were refused, by reason.", .counter)
    package static let cancelled = Family("rnn_cancelled_total", "Requests whose client went away.", .counter)
    package static let connections = Family("rnn_connections", "Open connections.", .gauge)
    package static let waiting = Family("rnn_queue_depth", "Requests that wait.", .gauge)
    package static let stateBytes = Family(
      "rnn_state_bytes", "Numbers of the states in memory, in bytes.", .gauge)
    package static let memory = Family("process_resident_memory_bytes", "Resident memory.", .gauge)
    package static let processor = Family(
      "process_cpu_seconds_total", "Processor time, of the user and of the system.", .counter)
  }
}
