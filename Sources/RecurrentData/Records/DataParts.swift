/// Puts sequences into a part to train on, one to validate and one to test: as the data say, else dealt out by shares.
public struct DataParts: Sendable {
  /// How large the parts are where the data name none.
  public var sizes: DataShares
  /// Whether sequences of one group stay together, also where nobody named a column of groups but one was found.
  public var keepsGroups: Bool
  /// Whether each label is spread over the parts by their shares.
  public var spreadsLabels: Bool
  /// From how many training sequences on a tenth of them is cut off to validate, where the data name parts without one that
  /// does; nil for never.
  public var sparingCount: Int?
  /// Windows of one series, which are cut in their order; nil for sequences of their own.
  public var windows: SlidingWindows?
  private let key: RandomKey

  /// A way to split data.
  public init(
    sizes: DataShares, keepsGroups: Bool = false, spreadsLabels: Bool = false, sparingCount: Int? = nil,
    seed: UInt64
  ) {
    self.sizes = sizes
    self.keepsGroups = keepsGroups
    self.spreadsLabels = spreadsLabels
    self.sparingCount = sparingCount
    key = RandomKey(seed: seed)
  }

  /// The parts that the data name, with what they do not name to train on; where they name none, all dealt out.
  public func split(_ records: RecordSource) -> DataSplit {
    var numbers: [DataPart?: [Int]] = [:]
    for index in 0..<records.count { numbers[records.part(index), default: []].append(index) }
    let rest = numbers[nil] ?? []
    if rest.count == records.count {
      let shares = sizes.shares(of: rest.count)
      if let windows = windows(of: records) {
        return ordered(rest, of: records, shares: shares, windows)
      }
      let parts = dealt(rest, of: records, shares: shares, key.child(10))
      return DataSplit(training: parts[0], validation: parts[1], test: parts[2])
    }
    var split = DataSplit(
      training: (numbers[.training] ?? []) + rest, validation: numbers[.validation] ?? [],
      test: numbers[.test] ?? [])
    spareValidation(&split, of: records)
    return split
  }

  /// Cuts a tenth of the training part off to validate, where there is no such part and enough to spare.
  public func spareValidation(_ split: inout DataSplit, of records: RecordSource) {
    guard let sparingCount, split.validation.isEmpty, split.training.count >= sparingCount else { return }
    if let windows = windows(of: records) {
      let parts = ordered(split.training, of: records, shares: [0.9, 0.1, 0], windows)
      split.spare(parts.validation, training: parts.training)
      split.notes += parts.notes
      return
    }
    let parts = dealt(split.training, of: records, shares: [0.9, 0.1], key.child(10))
    if !parts[1].isEmpty { split.spare(parts[1], training: parts[0]) }
  }

  /// The windows that are cut in their order; nil where they are dealt out, in groups for example.
  private func windows(of records: RecordSource) -> SlidingWindows? {
    keepsGroups || records.columns?.roles.group != nil ? nil : windows
  }

  /// Windows in their order, those of each label by themselves where labels are spread. A part ends before the first one that reaches
  /// into the next part.
  private func ordered(
    _ items: [Int], of records: RecordSource, shares: [Double], _ windows: SlidingWindows
  ) -> DataSplit {
    var parts = [[Int]](repeating: [], count: shares.count)
    var leftOut = 0
    let byLabel = Dictionary(grouping: items) { spreadsLabels ? records.label($0) ?? "" : "" }
    for items in byLabel.values {
      var (bound, start) = (0.0, 0)
      for (part, share) in shares.enumerated() {
        bound += share
        let end = max(start, min(items.count, Int((bound * Double(items.count)).rounded())))
        var own = items[start..<end]
        if end < items.count, own.count > 2 * windows.overlap {
          own.removeLast(windows.overlap)
          leftOut += windows.overlap
        }
        parts[part] += own
        start = end
      }
    }
    parts = parts.map { $0.sorted() }
    var split = DataSplit(training: parts[0], validation: parts[1], test: parts[2])
    split.notes = [
      DataNote(
        .assumed,
        "each sequence is the one before, a step further: they are cut in their order"
          + (leftOut > 0 ? ", and \(leftOut) that reach into the next part are left out" : ""),
        setting: "split")
    ]
    return split
  }

  /// Splits for cross-validation, in each of which another part is the test.
  public func folds(_ count: Int, of records: RecordSource) -> [DataSplit] {
    let shares = [Double](repeating: 1 / Double(count), count: count)
    let parts = dealt(Array(0..<records.count), of: records, shares: shares, key.child(11))
    return parts.indices.map { fold in
      DataSplit(
        training: parts.indices.filter { $0 != fold }.flatMap { parts[$0] }.sorted(), test: parts[fold])
    }
  }

  /// Splits in each of which one group is the test, with their names.
  public static func leavingOneOut(of records: RecordSource) -> [(name: String, split: DataSplit)] {
    let groups = (0..<records.count).map { records.group($0) }
    return Set(groups.compactMap { $0 }).sorted().map { name in
      let test = groups.indices.filter { groups[$0] == name }
      return (name, DataSplit(training: groups.indices.filter { groups[$0] != name }, test: test))
    }
  }

  /// Items dealt out so that each label, and each group as a whole, is spread over the parts by their shares; what is behind
  /// the shares is left out.
  ///
  /// - Returns: the numbers of each part, rising.
  private func dealt(
    _ items: [Int], of records: RecordSource, shares: [Double], _ key: RandomKey
  ) -> [[Int]] {
    let draws = key.uniforms((items.max() ?? 0) + 1)
    var groups: [[Int]]?
    if keepsGroups || records.columns?.roles.group != nil {
      groups = Dictionary(grouping: items) { records.group($0) ?? "item \($0)" }.values.map { $0.sorted() }
    }
    // a unit is the number of a group, or that of an item: a million of them are no arrays of one
    let units = groups.map { Array($0.indices) } ?? items
    func first(_ unit: Int) -> Int { groups?[unit][0] ?? unit }
    func size(_ unit: Int) -> Int { groups?[unit].count ?? 1 }
    // label by label, so that each is spread
    let byLabel = Dictionary(grouping: units) { spreadsLabels ? records.label(first($0)) ?? "" : "" }
    let hasRest = shares.reduce(0, +) < 1 - 1e-6
    var parts = [[Int]](repeating: [], count: shares.count + (hasRest ? 1 : 0))
    for label in byLabel.keys.sorted() {
      let own = (byLabel[label] ?? []).sorted { a, b in
        let (a, b) = (first(a), first(b))
        return (draws[a], a) < (draws[b], b)
      }
      let total = own.reduce(0) { $0 + size($1) }
      var (placed, part, bound) = (0, 0, shares[0])
      for unit in own {
        while part + 1 < parts.count, Double(placed) + 0.5 >= bound * Double(total) {
          part += 1
          bound += part < shares.count ? shares[part] : 1
        }
        if let groups { parts[part] += groups[unit] } else { parts[part].append(unit) }
        placed += size(unit)
      }
    }
    return parts.prefix(shares.count).map { $0.sorted() }
  }
}

/// Parts of data by number.
public struct DataSplit: Sendable, Equatable {
  /// To train on.
  public var training: [Int]
  /// To choose and calibrate by.
  public var validation: [Int]
  /// To evaluate.
  public var test: [Int]
  /// What was assumed.
  public internal(set) var notes: [DataNote] = []

  /// Parts by the places of their records.
  public init(training: [Int], validation: [Int] = [], test: [Int] = []) {
    self.training = training
    self.validation = validation
    self.test = test
  }

  /// Takes what was to train on to validate.
  public mutating func spare(_ validation: [Int], training: [Int]) {
    notes.append(
      DataNote(
        .assumed,
        "no data are there to validate: \(validation.count) of the \(self.training.count) sequences to train on choose and "
          + "calibrate instead", setting: "valid"))
    (self.training, self.validation) = (training, validation)
  }
}
