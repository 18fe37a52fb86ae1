extension BackendChecker {
  func checkCrossEntropy() throws {
    for (rows, classes) in [(1, 1), (5, 3), (7, 17), (33, 130), (0, 4)] {
      let labels = Indices(
        key.child(3).integers(rows, below: classes).enumerated().map { $0 % 4 == 3 ? -100 : Int32($1) })
      for (weighted, smoothing) in [(false, 0), (true, 0), (false, 0.1), (true, 0.3)] as [(Bool, Float)] {
        for bound in [2, 60] as [Float] {
          try compare("cross-entropy \(rows) x \(classes), smoothing \(smoothing)", relative: 1e-5) {
            let weights = weighted ? random([classes], 1).combined(.add, Tensor(1.5)) : nil
            let point = ModelWithInputs(
              model: Dropout(rate: 0), inputs: [random([rows, classes], bound: bound)])
            let (loss, gradient) = valueAndGradient(of: point) {
              crossEntropy($0.inputs[0], labels, classWeights: weights, labelSmoothing: smoothing)
            }
            return [loss, gradient.inputs[0]]
          }
        }
      }
    }
    // what no row counts for is no loss, and far-off logits are no overflow
    try compare("cross-entropy of ignored rows") {
      [crossEntropy(random([3, 4]), Indices([-100, -100, -100]))]
    }
    try compare("cross-entropy of large logits", relative: 1e-6) {
      let logits = Backends.current.tensor([1e4, -1e4, 0, 3e38, -3e38, 0], shape: [2, 3])
      let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [logits])
      let (loss, gradient) = valueAndGradient(of: point) { crossEntropy($0.inputs[0], Indices([0, 0])) }
      return [loss, gradient.inputs[0]]
    }
  }

  func checkLayerNorm() throws {
    for shape in [[1, 1], [5, 7], [3, 2, 65], [33, 130], [0, 5]] {
      let width = shape[shape.count - 1]
      try compare("layer normalisation of \(shape)", relative: 1e-5, absolute: 1e-6) {
        let inputs = [random(shape, bound: 3), random([width], 1), random([width], 2)]
        let point = ModelWithInputs(model: Dropout(rate: 0), inputs: inputs)
        let (loss, output, gradient) = valueAndGradient(of: point) { point in
          let output = layerNorm(point.inputs[0], weight: point.inputs[1], bias: point.inputs[2])
          return ((output * random(shape, 3)).sum(), output.detached)
        }
        return [loss, output] + gradient.inputs
      }
    }
  }
}
