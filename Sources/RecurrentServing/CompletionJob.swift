import RecurrentTasks

/// A completion that is being written.
final class CompletionJob {
  /// A text that is being written.
  struct Choice {
    let index: Int
    let slot: Int
    /// What it has read and written; empty where its state is not to be kept.
    var ids: [Int32]
    let key: RandomKey
    var text: GeneratedText
    var drawCount = 0
    var remaining: Int
    var chances: [TokenChance] = []
    var dropsSpace: Bool
  }

  /// A prompt that is being read.
  struct Prompt {
    let index: Int
    let slot: Int
    /// All of it, and what is still to be read.
    var ids: [Int32] = []
    var rest: ArraySlice<Int32> = []
    /// Whether a space at the beginning of the text stands for the one that the prompt ends with.
    let endsInSpace: Bool
    /// The text where the prompt is empty: it begins before what stands for a beginning is read.
    var opened: GeneratedText?
  }

  let request: CompletionRequest
  let client: ServingClient
  let reply: @Sendable (ServingAnswer) -> Void
  let time: Double
  /// What the inbox counts for it until its prompts are read.
  var cost: Int
  var prompts: [Prompt] = []
  var choices: [Choice] = []
  var usage = CompletionPiece.Usage(prompt: 0, completion: 0)
  /// When the last token came.
  var lastToken: Double?
  /// What has ended the choice that ended last.
  var lastEnd: TextGenerator.End?
  let figures: ModelFigures

  init(_ request: CompletionRequest, of asked: ServingRequest, _ figures: ModelFigures) {
    (self.request, self.figures) = (request, figures)
    (client, reply, time, cost) = (asked.client, asked.reply, asked.time, asked.cost)
  }
}

extension ServingCore {
  /// Begins a completion: its prompts are read from the next turn on.
  func begin(_ request: CompletionRequest, of asked: ServingRequest, now: Double) throws {
    guard hosts[request.model] != nil, let figures = figures[request.model] else {
      throw ServingError(.unknown, "there is no model \"\(request.model)\"", parameter: "model")
    }
    guard jobs.count < limits.completions else {
      metrics.add(.rejected, 1, [("reason", "completions")])
      throw ServingError(
        .busy, "\(limits.completions) completions are being written, which is the most", retryAfter: 1)
    }
    let job = CompletionJob(request, of: asked, figures)
    var own: Int?
    if let id = request.session {
      let record = try store.wake(id, now: now, in: &hosts)
      guard record.model == request.model else {
        throw ServingError(
          .conflict, "the session \"\(id)\" is one of the model \"\(record.model)\"", parameter: "session")
      }
      guard request.prompts.count == 1, request.choices == 1 else {
        throw ServingError(
          .malformed, "a session is gone on with by one prompt and one choice", parameter: "n")
      }
      own = record.slot
    }
    try hosts[request.model]?.withTexts { table in
      do { try begin(job, in: &table, own: own) } catch {
        if own == nil { for prompt in job.prompts { table.close(prompt.slot) } }
        throw error
      }
    }
    if let id = request.session { store[id]?.isBusy = true }
    figures.queueWait.observe(now - asked.time)
    metrics.add(.promptTokens, Double(job.usage.prompt - job.usage.kept), [("model", request.model)])
    if job.usage.kept > 0 {
      metrics.add(.prefixTokens, Double(job.usage.kept), [("model", request.model)])
    }
    jobs.append(job)
  }

  /// Reads parts of prompts, and writes a token of every completion that is not behind.
  ///
  /// - Returns: tokens that were read.
  func write(now: Double) -> Int {
    guard !jobs.isEmpty else { return 0 }
    for job in jobs where job.client.isGone {
      metrics.add(.cancelled)
      end(job)
    }
    jobs.removeAll { $0.client.isGone }
    var count = 0
    for (model, own) in Dictionary(grouping: jobs, by: \.request.model).sorted(by: { $0.key < $1.key }) {
      count += (try? hosts[model]?.withTexts { write(own, in: &$0) }) ?? 0
    }
    for job in jobs where job.isDone { end(job) }
    jobs.removeAll { $0.isDone }
    return count
  }

  private func write(
    _ jobs: [CompletionJob], in table: inout SessionTable<LanguageModelSession, LanguageModelStepReader>
  ) -> Int {
    var count = readPrompts(jobs, in: &table)
    var (work, writers) = ([SlotSteps<LanguageModelSession>](), [(job: CompletionJob, choice: Int)]())
    for job in jobs where !job.client.isBehind {
      for place in job.choices.indices where work.count < limits.batchSize {
        let (id, chance) = choose(job, place, in: &table)
        job.choices[place].drawCount += 1
        job.choices[place].remaining -= 1
        if let chance { job.choices[place].chances.append(chance) }
        work.append(SlotSteps(slot: job.choices[place].slot, steps: [id]))
        writers.append((job, place))
      }
    }
    guard !work.isEmpty else { return count }
    jobs[0].figures.batchRows.observe(Double(work.count))
    jobs[0].figures.tokens.add(Double(work.count))
    table.read(work)
    count += work.count
    let now = clock()
    for (place, writer) in writers.enumerated() {
      take(work[place].steps[0], writer.job, writer.choice, now: now)
    }
    for job in jobs {
      for choice in job.choices where choice.remaining < 0 && job.request.session == nil {
        keep(choice.ids[...], of: job, choice.slot, in: table)
        table.close(choice.slot)
      }
      job.choices.removeAll { $0.remaining < 0 }
    }
    return count
  }

  /// Reads a part of the oldest prompts; what is read has its choices.
  private func readPrompts(
    _ jobs: [CompletionJob], in table: inout SessionTable<LanguageModelSession, LanguageModelStepReader>
  ) -> Int {
    /// Prompts that get a part in one turn.
    let most = 4
    var (count, parts) = (0, 0)
    for job in jobs {
      for place in job.prompts.indices where parts < most {
        let own = job.prompts[place]
        // parts end where other texts have their ends
        let part = Array(own.rest.prefix(limits.promptChunk - own.rest.startIndex % limits.promptChunk))
        job.prompts[place].rest = own.rest.dropFirst(part.count)
        table.withSession(own.slot) { $0.push(part) }
        keep(own.ids[..<(own.rest.startIndex + part.count)], of: job, own.slot, in: table)
        count += part.count
        parts += 1
        if job.prompts[place].rest.isEmpty { beginChoices(job, own, in: &table) }
      }
      job.prompts.removeAll { $0.rest.isEmpty }
      if job.prompts.isEmpty, job.cost > 0 {
        release(cost: job.cost)
        job.cost = 0
      }
    }
    return count
  }

  private func beginChoices(
    _ job: CompletionJob, _ prompt: CompletionJob.Prompt,
    in table: inout SessionTable<LanguageModelSession, LanguageModelStepReader>
  ) {
    for number in 0..<job.request.choices {
      let slot = number == job.request.choices - 1 ? prompt.slot : table.fork(prompt.slot)
      job.choices.append(
        .init(
          index: prompt.index + number, slot: slot, ids: keeps(job) ? prompt.ids : [],
          key: RandomKey(seed: job.request.seed).child(number),
          text: prompt.opened ?? GeneratedText(after: table[slot], stop: job.request.stop),
          remaining: job.request.length,
          dropsSpace: prompt.endsInSpace))
    }
    // nothing is to be written
    guard job.request.length == 0 else { return }
    for choice in job.choices {
      var last = choice
      job.lastEnd = .length
      job.reply(.piece(piece(&last, job.usage, "", end: .length)))
      if job.request.session == nil { table.close(choice.slot) }
    }
    job.choices = []
  }

  /// Chooses the next token of a choice.
  private func choose(
    _ job: CompletionJob, _ place: Int,
    in table: inout SessionTable<LanguageModelSession, LanguageModelStepReader>
  ) -> (id: Int32, chance: TokenChance?) {
    let uniform = Double(job.choices[place].key.uniform(at: job.choices[place].drawCount))
    let (sampler, count) = (job.request.sampler, job.request.logProbabilities)
    // where it stands: a copy would count the references of the whole model
    return table.withSession(job.choices[place].slot) { session in
      let id = session.sample(sampler, uniform: uniform, workspace: &workspace)
      let chance = count.flatMap { count in
        session.logits.map { TokenChance(id, logits: $0, count: count, vocabulary: session.vocabulary) }
      }
      return (id, chance)
    }
  }

  /// Takes a token that a session has read.
  private func take(_ id: Int32, _ job: CompletionJob, _ place: Int, now: Double) {
    job.usage.completion += 1
    if keeps(job) { job.choices[place].ids.append(id) }
    if let last = job.lastToken {
      job.figures.interToken.observe(now - last)
    } else {
      job.figures.firstToken.observe(now - job.time)
    }
    job.lastToken = now
    var text = job.choices[place].text.push(id) ?? ""
    var end: TextGenerator.End?
    if job.choices[place].text.hasStopped {
      end = .stop
    } else if job.choices[place].remaining == 0 {
      text += job.choices[place].text.finish() ?? ""
      end = .length
    }
    if job.choices[place].dropsSpace, !text.isEmpty {
      if text.hasPrefix(" ") { text.removeFirst() }
      job.choices[place].dropsSpace = false
    }
    if !text.isEmpty || end != nil {
      var own = piece(&job.choices[place], job.usage, text, end: end)
      let isLast =
        end != nil && job.prompts.isEmpty
        && !job.choices.indices.contains { $0 != place && job.choices[$0].remaining >= 0 }
      if !isLast { own.usage = nil }
      job.reply(.piece(own))
    }
    if let end { (job.lastEnd, job.choices[place].remaining) = (end, -1) }
  }

  private func piece(
    _ choice: inout CompletionJob.Choice, _ usage: CompletionPiece.Usage, _ text: String,
    end: TextGenerator.End?
  ) -> CompletionPiece {
    defer { choice.chances = [] }
    return CompletionPiece(
      index: choice.index, text: text, chances: choice.chances, end: end, usage: end == nil ? nil : usage)
  }

  /// Gives back what a completion has held.
  func end(_ job: CompletionJob) {
    job.figures.ended(by: job.isDone ? job.lastEnd?.rawValue : nil, after: clock() - job.time)
    if job.cost > 0 { release(cost: job.cost) }
    if let id = job.request.session {
      store[id]?.isBusy = false
      store[id]?.position += job.usage.prompt + job.usage.completion
      store[id]?.last = nil
      store[id]?.written = nil
      store[id]?.lastUse = clock()
    } else {
      try? hosts[job.request.model]?.withTexts { table in
        for prompt in job.prompts { table.close(prompt.slot) }
        for choice in job.choices { table.close(choice.slot) }
      }
    }
    (job.prompts, job.choices) = ([], [])
  }
}
