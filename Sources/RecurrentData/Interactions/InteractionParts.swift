/// How interactions are split.
public enum InteractionSplit: String, Sendable, Codable, CaseIterable {
  /// By time: the sessions that begin last are validated and tested with, all of their events are targets, and what happens
  /// after their beginning is not trained on.
  case time
  /// The last item of each user is the target of the test part and the one before it that of the validation part; both are
  /// left out in training.
  case leaveOneOut = "leave-one-out"
}

/// Interactions to train on, to validate and to test with.
public struct InteractionParts: Sendable {
  /// The training part.
  public var training: InteractionLog
  /// The validation part, with what comes before its targets.
  public var validation: InteractionLog
  /// The test part, with what comes before its targets.
  public var test: InteractionLog
  /// What was found and assumed.
  public var notes: [DataNote] = []

  /// The last item of each user, and the one before it. Users with fewer than three events are trained on alone.
  ///
  /// - Parameters:
  ///   - log: a session for each user.
  ///   - splitsValidation: whether the last item but one is validated with.
  ///   - splitsTest: whether the last item is tested with.
  public init(leavingOneOutOf log: InteractionLog, splitsValidation: Bool, splitsTest: Bool) {
    func parts(_ length: (Int) -> Int, least: Int) -> InteractionLog {
      log.selecting(
        (0..<log.count).compactMap { session in
          let own = log.events(session)
          guard own.count >= least else { return nil }
          return (session, own.lowerBound..<own.lowerBound + length(own.count))
        })
    }
    let (forTest, forValidation) = (splitsTest ? 1 : 0, splitsValidation ? 1 : 0)
    let left = forTest + forValidation
    training = parts({ $0 >= left + 1 ? $0 - left : $0 }, least: 1)
    validation = splitsValidation ? parts({ $0 - forTest }, least: left + 1) : log.selecting([])
    test = splitsTest ? parts({ $0 }, least: left + 1) : log.selecting([])
  }

  /// Sessions by the time at which they begin; without times, by their order.
  ///
  /// - Parameters:
  ///   - log: sessions in the order of their beginnings.
  ///   - shares: of the sessions.
  ///   - validationDays: the days before those of the test part whose sessions are validated with, instead of a share.
  ///   - testDays: the last days, whose sessions are tested with, instead of a share.
  /// - Throws: ``DataError`` where days are asked for without times, or no session begins before the others.
  public init(
    byTime log: InteractionLog, _ shares: DataShares, validationDays: Double?, testDays: Double?
  ) throws(DataError) {
    if (validationDays ?? testDays) != nil, !log.hasTimes {
      throw .invalidSetting(
        name: testDays == nil ? "valid-days" : "test-days",
        expected: "used with data that have times (`time`)",
        found: "no times")
    }
    let ranges = shares.ranges(of: log.count)
    var (first, second) = (ranges.validation.lowerBound, ranges.test.lowerBound)
    /// The first session that begins with or after the one at a place, so that equal beginnings stay together.
    func border(_ place: Int) -> Int {
      guard log.hasTimes, place > 0, place < log.count else { return place }
      var place = place
      while place > 0, log.beginning(place - 1) == log.beginning(place) { place -= 1 }
      return place
    }
    /// The first session that begins in the last days before a time.
    func begins(after time: Double, before end: Int) -> Int {
      var place = end
      while place > 0, (log.beginning(place - 1) ?? 0) > time { place -= 1 }
      return place
    }
    let day = 86_400.0
    var last = log.times.max() ?? 0
    if let testDays {
      last -= testDays * day
      second = begins(after: last, before: log.count)
      if validationDays == nil { first = second - min(second, ranges.validation.count) }
    } else {
      second = ranges.test.isEmpty ? ranges.test.lowerBound : border(second)
      if second < log.count { last = log.beginning(second) ?? 0 }
    }
    if let validationDays {
      first = begins(after: last - validationDays * day, before: second)
    } else if first < second {
      first = border(first)
    } else {
      first = second
    }
    // sessions that begin together stay together, and may all be tested with
    guard first > 0 || ranges.training.isEmpty || !log.hasTimes else {
      let count = (0..<log.count).prefix { log.beginning($0) == log.beginning(0) }.count
      throw .invalidSetting(
        name: "the training part",
        expected:
          "sessions that begin before those that are validated and tested with; choose parts by `protocol` leave-one-out, "
          + "or give them by `valid` and `test`",
        found: "\(count) of \(log.count) sessions that begin at the same time, the first one")
    }
    let end = testDays == nil ? ranges.test.upperBound : log.count
    func part(_ sessions: Range<Int>, before limit: Double?) -> InteractionLog {
      log.selecting(
        sessions.map { session in
          let own = log.events(session)
          guard let limit else { return (session, own) }
          return (session, own.lowerBound..<(own.first { log.times[$0] >= limit } ?? own.upperBound))
        })
    }
    let testBegin = second < end ? log.beginning(second) : nil
    let validationBegin = first < second ? log.beginning(first) : testBegin
    training = part(0..<first, before: validationBegin)
    validation = part(first..<second, before: testBegin)
    test = part(second..<max(second, end), before: nil)
    if !log.hasTimes, first < log.count {
      notes.append(
        DataNote(
          .assumed,
          "without times the sessions count as in the order of their rows; the last ones are split off",
          setting: "time"))
    }
  }
}
