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

  func checkLinearCrossEntropy() throws {
    for (rows, classes, width) in [(1, 1, 1), (5, 3, 7), (7, 70, 33), (33, 130, 17), (0, 4, 3)] {
      let labels = Indices(
        key.child(3).integers(rows, below: classes).enumerated().map { $0 % 4 == 3 ? -100 : Int32($1) })
      for (weighted, smoothing) in [(false, 0), (true, 0), (false, 0.1), (true, 0.3)] as [(Bool, Float)] {
        for hasBias in [false, true] {
          let what = "linear cross-entropy \(rows) x \(classes) x \(width), smoothing \(smoothing)"
          try compare(what, relative: 1e-5) {
            let weights = weighted ? random([classes], 1).combined(.add, Tensor(1.5)) : nil
            let point = ModelWithInputs(
              model: Dropout(rate: 0),
              inputs: [random([rows, width], bound: 3), random([classes, width], 4), random([classes], 5)])
            let (loss, gradient) = valueAndGradient(of: point) { point in
              3
                * linearCrossEntropy(
                  point.inputs[0], weight: point.inputs[1], bias: hasBias ? point.inputs[2] : nil, labels,
                  classWeights: weights, labelSmoothing: smoothing)
            }
            return [loss] + gradient.inputs
          }
        }
      }
    }
  }

  func checkSparseRows() throws {
    let numbers = [Indices([7, 30, 7, 2, 7]), Indices([30, 8, 8])]
    for (rule, count) in OptimizerCase.all {
      try compare("rows of a table and optimiser \(rule)", relative: 1e-5) {
        var table = random([40, 17])
        var statistics = (0..<count).map { _ in Tensor(zeros: [40, 17]) }
        var results: [Tensor] = []
        for step in 1...3 {
          let point = ModelWithInputs(model: Dropout(rate: 0), inputs: [table])
          let (_, gradient) = valueAndGradient(of: point) { point in
            let parts = numbers.map { square(gather(point.inputs[0], rows: $0)).sum() }
            // in the last step a dense part too
            let sum = parts[0] + parts[1]
            return step == 3 ? sum + (point.inputs[0] * random([40, 17], 1)).sum() : sum
          }
          let slope = gradient.inputs[0]
          results.append(Tensor(Float(slope.backend.sumOfSquares(slope))))
          table.backend.optimize(
            OptimizerStep(rule: rule, step: step, learningRate: 0.05, gradientScale: 0.7),
            parameter: &table, gradient: slope, statistics: &statistics)
          results += [slope, table]
        }
        return results + statistics
      }
    }
    try compare("adding rows to a table") {
      var table = random([9, 5])
      let copy = table
      table.backend.addRows(random([3, 5], 1), Indices([1, 4, 8]), to: &table)
      return [table, copy]
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
