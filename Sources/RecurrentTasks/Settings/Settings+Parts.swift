extension Settings {
  /// The shares of training, validation and test.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` unless they add up to 1.
  func shares(standard: [Double]? = nil) throws(DataError) -> [Double] {
    if let splitIssue {
      throw .invalidSetting(name: "split", expected: "three shares of 1", found: splitIssue)
    }
    return self[.split] ?? standard ?? value(.split)
  }

  /// Why the shares are none, as a sentence; nil where they are.
  var splitIssue: String? {
    guard let shares = self[.split],
      shares.count != 3 || shares[0] <= 0 || abs(shares.reduce(0, +) - 1) >= 1e-6
    else { return nil }
    return
      "split is \(shares.fieldValue.text), expected three shares that add up to 1, the first above 0, such as 0.8,0.1,0.1"
  }
}
