/// Sound that comes in pieces at a rate, as the samples of another one: those that the whole sound becomes, bit for bit.
struct ResamplingStream: Sendable {
  let resampler: Resampler
  /// Samples of the source that results to come may need.
  private var samples: [Float] = []
  /// The number of the first of them.
  private var offset = 0
  /// Samples of the result that were given out.
  private var givenCount = 0

  init(_ resampler: Resampler) { self.resampler = resampler }

  /// Samples of the source so far.
  private var sampleCount: Int { offset + samples.count }

  /// Takes samples in.
  ///
  /// - Returns: the samples of the result that depend on none to come.
  mutating func push(_ more: [Float]) -> [Float] {
    samples += more
    var end = givenCount
    while resampler.place(of: end).sample + resampler.reach < sampleCount { end += 1 }
    return values(before: end)
  }

  /// The rest, behind which is silence.
  mutating func finish() -> [Float] {
    values(before: Resampler.count(of: sampleCount, from: resampler.source, to: resampler.target))
  }

  private mutating func values(before end: Int) -> [Float] {
    guard end > givenCount else { return [] }
    let result = resampler.values(givenCount..<end, samples, from: offset)
    givenCount = end
    let used = min(max(0, resampler.place(of: end).sample - resampler.reach - offset), samples.count)
    samples.removeFirst(used)
    offset += used
    return result
  }

  /// What is kept of the samples so far.
  var stored: [Int64] {
    [resampler.source.stored, Int64(givenCount), Int64(samples.count)] + samples.map { Double($0).stored }
  }

  /// Takes over what was kept of sound at the same rate.
  mutating func restore(_ numbers: inout StoredNumbers) {
    let rate = numbers.double()
    givenCount = numbers.integer(in: 0...1 << 36)
    // those that the next result sees
    offset = max(0, resampler.place(of: givenCount).sample - resampler.reach)
    let count = numbers.integer(in: 0...2 * resampler.reach)
    samples = numbers.doubles(count).map { Float($0) }
    if rate != resampler.source { numbers.fail() }
  }
}
