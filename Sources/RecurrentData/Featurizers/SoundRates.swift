/// How many sounds have which rate.
struct SoundRates {
  private var counts: [Double: Int] = [:]
  /// Rates in the order in which they came.
  private var order: [Double] = []

  init() {}

  /// The rates of those whose heads tell it without decoding.
  init(headsOf records: RecordSource) throws {
    for index in 0..<records.count {
      if let rate = try records.record(index).soundRate { add(rate) }
    }
  }

  mutating func add(_ rate: Double) {
    if counts[rate] == nil { order.append(rate) }
    counts[rate, default: 0] += 1
  }

  /// The rate that most sounds have, of equally common ones the first; nil without sounds.
  var commonest: Double? {
    let most = counts.values.max()
    return order.first { counts[$0] == most }
  }

  /// What is said of sounds whose rate is another one; nil where there are none.
  func note(target: Double) -> DataNote? {
    let others = order.filter { $0 != target }.sorted()
    guard !others.isEmpty else { return nil }
    let total = counts.values.reduce(0, +)
    let texts = others.map { rate -> String in
      let count = counts[rate] ?? 0
      return "\(SoundRates.text(rate / 1000)) kHz" + (count == total ? "" : " (\(count) of \(total))")
    }
    let isMixed = counts.count > 1
    return DataNote(
      isMixed ? .warning : .found,
      "sound of \(texts.joined(separator: ", ")) is resampled to \(SoundRates.text(target / 1000)) kHz",
      setting: "sample-rate")
  }

  /// A number without a fraction that is zero, to three decimals.
  static func text(_ number: Double) -> String {
    let rounded = (number * 1000).rounded() / 1000
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
  }
}
