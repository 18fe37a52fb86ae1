extension PictureHistory {
  /// What is kept.
  var state: StreamState {
    get {
      StreamState(
        tensors: [(name: "network.picture", value: Tensor(last))],
        integers: [(name: "network.pictures", values: [Int64(count)])]) + sum.state("network.pictureSum")
    }
    set {
      last = newValue.tensor("network.picture").scalars
      count = Int(newValue.integers("network.pictures")[0])
      sum.restore(newValue, "network.pictureSum")
    }
  }
}
