extension Settings {
  /// How large the parts of the data are.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` where the numbers are neither shares nor counts.
  public func shares(standard: [Double]? = nil) throws(DataError) -> DataShares {
    guard let shares = DataShares(self[.split] ?? standard ?? value(.split)) else {
      throw .invalidSetting(
        name: "split", expected: "three shares of 1, or three whole numbers", found: splitIssue ?? "none")
    }
    return shares
  }

  /// Why the shares are none, as a sentence; nil where they are.
  var splitIssue: String? {
    guard let numbers = self[.split], DataShares(numbers) == nil else { return nil }
    return
      "split is \(numbers.fieldValue.text), expected three shares that add up to 1, the first above 0, such as "
      + "0.8,0.1,0.1, or three whole numbers"
  }
}
