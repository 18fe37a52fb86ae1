import RecurrentFormats

extension KerasGraph {
  /// Layers that do nothing at inference.
  private static let silent: Set = [
    "Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout",
    "ActivityRegularization",
  ]

  /// What a layer gives that does the same with every step; nil for any other.
  mutating func pointwise(_ layer: KerasLayer, _ x: Value) throws -> Value? {
    if KerasGraph.silent.contains(layer.className) { return x }
    var result = x
    switch layer.className {
    case "TimeDistributed":
      let inner = try layer.inner()
      guard x.shape.count >= 2, inner.className != "Embedding" else {
        throw layer.issue("its input has \(x.shape.count + 1) axes, expected [batch, time, values]")
      }
      guard let value = try pointwise(inner.standing(in: layer.place + "/layer", for: weights.file), x) else {
        throw layer.issue("it is around a \(inner.className), which is read around single steps alone")
      }
      return value
    case "Dense": return try dense(layer, x)
    case "Activation":
      result.name = try activated(x.name, layer.activation("activation", or: "linear"), of: layer)
    case "ReLU":
      let slope = try layer.number("negative_slope", or: 0)
      guard !layer.has("max_value"), try layer.number("threshold", or: 0) == 0 else {
        throw layer.issue("max_value and threshold are not supported")
      }
      result.name = builder.node("LeakyRelu", [x.name], ["alpha": .float(Float(slope))])
    case "LeakyReLU":
      let old = layer.has("alpha") ? "alpha" : "negative_slope"
      result.name = builder.node(
        "LeakyRelu", [x.name], ["alpha": .float(Float(try layer.number(old, or: 0.3)))])
    case "ELU":
      result.name = builder.node("Elu", [x.name], ["alpha": .float(Float(try layer.number("alpha", or: 1)))])
    case "Softmax":
      try checkAxis(layer, x, or: -1)
      result.name = builder.node("Softmax", [x.name], ["axis": .integer(-1)])
    case "LayerNormalization": result.name = try layerNormalization(layer, x)
    case "BatchNormalization": result.name = try batchNormalization(layer, x)
    default: return nil
    }
    return result
  }

  private mutating func dense(_ layer: KerasLayer, _ x: Value) throws -> Value {
    let (width, units) = (try width(x, of: layer), try layer.extent("units"))
    guard !layer.has("lora_rank"), !layer.has("quantization_config") else {
      throw layer.issue("its weights are quantised, or have parts of low rank beside them; save it without")
    }
    let kernel = try weights.tensor(
      KerasWeights.Part(number: 0, name: "kernel"), of: layer, shape: [width, units])
    var result = x
    result.name = builder.node("MatMul", [x.name, constant(kernel, "kernel")])
    if try layer.flag("use_bias", or: true) {
      let bias = try weights.tensor(KerasWeights.Part(number: 1, name: "bias"), of: layer, shape: [units])
      result.name = builder.node("Add", [result.name, constant(bias, "bias")])
    }
    result.name = try activated(result.name, layer.activation("activation", or: "linear"), of: layer)
    result.shape[x.shape.count - 1] = units
    return result
  }

  /// Refuses a layer that works along another axis than the last.
  func checkAxis(_ layer: KerasLayer, _ x: Value, or standard: Int) throws(InterchangeError) {
    let axes = layer.has("axis") ? try layer.integers("axis") : [standard]
    guard axes == [-1] || axes == [x.shape.count] else {
      throw layer.issue("it works along the axes \(axes), expected the last one")
    }
  }

  private mutating func layerNormalization(_ layer: KerasLayer, _ x: Value) throws -> String {
    try checkAxis(layer, x, or: -1)
    guard try !layer.flag("rms_scaling") else { throw layer.issue("rms_scaling is not supported") }
    let width = try width(x, of: layer)
    let (scales, centres) = (try layer.flag("scale", or: true), try layer.flag("center", or: true))
    func part(_ number: Int, _ name: String) throws -> Tensor {
      try weights.tensor(KerasWeights.Part(number: number, name: name), of: layer, shape: [width])
    }
    let scale = scales ? try part(0, "gamma") : Tensor(filled: 1, shape: [width])
    let shift = centres ? try part(scales ? 1 : 0, "beta") : Tensor(zeros: [width])
    return builder.node(
      "LayerNormalization", [x.name, constant(scale, "gamma"), constant(shift, "beta")],
      ["axis": .integer(-1), "epsilon": .float(Float(try layer.number("epsilon", or: 1e-3)))])
  }

  /// With the statistics that were kept in training.
  private mutating func batchNormalization(_ layer: KerasLayer, _ x: Value) throws -> String {
    try checkAxis(layer, x, or: -1)
    let width = try width(x, of: layer)
    var number = 0
    func next(_ name: String, _ isStored: Bool, or standard: Double) throws -> [Double] {
      guard isStored else { return [Double](repeating: standard, count: width) }
      defer { number += 1 }
      let part = KerasWeights.Part(number: number, name: name)
      return try weights.tensor(part, of: layer, shape: [width]).scalars.map { Double($0) }
    }
    let gamma = try next("gamma", layer.flag("scale", or: true), or: 1)
    let beta = try next("beta", layer.flag("center", or: true), or: 0)
    let (mean, variance) = (try next("moving_mean", true, or: 0), try next("moving_variance", true, or: 1))
    let epsilon = try layer.number("epsilon", or: 1e-3)
    let scale = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
    let shift = (0..<width).map { beta[$0] - mean[$0] * scale[$0] }
    let product = builder.node("Mul", [x.name, constant(Tensor(scale.map { Float($0) }), "scale")])
    return builder.node("Add", [product, constant(Tensor(shift.map { Float($0) }), "shift")])
  }
}

extension KerasLayer {
  /// The layer with its weights below those of the one that it stands in.
  func standing(in place: String, for file: KerasFile) -> KerasLayer {
    var layer = self
    if !file.namesWeights { layer.place = place }
    return layer
  }
}
