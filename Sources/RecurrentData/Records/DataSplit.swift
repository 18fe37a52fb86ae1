/// Parts of data by number.
public struct DataSplit: Sendable, Equatable {
  /// To train on.
  public var training: [Int]
  /// To choose and calibrate by.
  public var validation: [Int]
  /// To judge by.
  public var test: [Int]

  /// Parts.
  public init(training: [Int], validation: [Int] = [], test: [Int] = []) {
    self.training = training
    self.validation = validation
    self.test = test
  }

  /// Items dealt out so that each class, and each group as a whole, is spread over the parts by their shares.
  ///
  /// - Parameters:
  ///   - items: the numbers to deal out.
  ///   - labels: of all items.
  ///   - groups: of all items; those of a group stay together. Nil for every item by itself.
  ///   - shares: of the parts.
  ///   - key: decides who goes where.
  /// - Returns: the numbers of each part, rising.
  public static func dealt(
    _ items: [Int], labels: [String?], groups: [String?]? = nil, shares: [Double], key: RandomKey
  ) -> [[Int]] {
    let draws = key.uniforms((items.max() ?? 0) + 1)
    var parts = [[Int]](repeating: [], count: shares.count)
    let units: [[Int]]
    if let groups {
      units = Dictionary(grouping: items) { groups[$0] ?? "item \($0)" }.values.map { $0.sorted() }
    } else {
      units = items.map { [$0] }
    }
    // class by class, so that each is spread
    let byLabel = Dictionary(grouping: units) { labels[$0[0]] ?? "" }
    for label in byLabel.keys.sorted() {
      let own = (byLabel[label] ?? []).sorted { (draws[$0[0]], $0[0]) < (draws[$1[0]], $1[0]) }
      let total = own.reduce(0) { $0 + $1.count }
      var (placed, part, bound) = (0, 0, shares[0])
      for unit in own {
        while part + 1 < shares.count, Double(placed) + 0.5 >= bound * Double(total) {
          part += 1
          bound += shares[part]
        }
        parts[part] += unit
        placed += unit.count
      }
    }
    return parts.map { $0.sorted() }
  }

  /// Splits for cross-validation, in each of which another part is the test: every class spread evenly.
  public static func folds(
    _ count: Int, labels: [String?], groups: [String?]? = nil, key: RandomKey
  ) -> [DataSplit] {
    let shares = [Double](repeating: 1 / Double(count), count: count)
    let parts = dealt(Array(labels.indices), labels: labels, groups: groups, shares: shares, key: key)
    return parts.indices.map { fold in
      DataSplit(
        training: parts.indices.filter { $0 != fold }.flatMap { parts[$0] }.sorted(), test: parts[fold])
    }
  }

  /// Splits in each of which one group is the test, with their names.
  public static func leavingOneOut(_ groups: [String?]) -> [(name: String, split: DataSplit)] {
    Set(groups.compactMap { $0 }).sorted().map { name in
      let test = groups.indices.filter { groups[$0] == name }
      return (name, DataSplit(training: groups.indices.filter { groups[$0] != name }, test: test))
    }
  }
}
