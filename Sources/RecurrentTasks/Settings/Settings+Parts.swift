extension Settings {
  /// The shares of training, validation and test.
  ///
  /// - Throws: ``DataError/invalidSetting(name:expected:found:)`` unless they add up to 1.
  func shares(standard: [Double]? = nil) throws(DataError) -> [Double] {
    let shares = self[.split] ?? standard ?? value(.split)
    guard shares.count == 3, shares[0] > 0, abs(shares.reduce(0, +) - 1) < 1e-6 else {
      throw .invalidSetting(
        name: "split", expected: "three shares that add up to 1, such as 0.8,0.1,0.1",
        found: shares.fieldValue.text)
    }
    return shares
  }
}
