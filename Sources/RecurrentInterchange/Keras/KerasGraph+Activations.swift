import RecurrentFormats

extension KerasGraph {
  /// A function of single numbers by Keras' name for it.
  ///
  /// - Throws: ``InterchangeError`` for one that is not known.
  mutating func activated(_ x: String, _ name: String, of layer: KerasLayer) throws(InterchangeError)
    -> String
  {
    switch name {
    case "linear": return x
    case "relu": return builder.node("Relu", [x])
    case "sigmoid": return builder.node("Sigmoid", [x])
    case "tanh": return builder.node("Tanh", [x])
    case "softmax": return builder.node("Softmax", [x], ["axis": .integer(-1)])
    case "log_softmax": return builder.node("LogSoftmax", [x], ["axis": .integer(-1)])
    case "softplus": return builder.node("Softplus", [x])
    case "softsign": return builder.node("Softsign", [x])
    case "elu": return builder.node("Elu", [x])
    case "selu": return builder.node("Selu", [x])
    case "exponential": return builder.node("Exp", [x])
    case "leaky_relu": return builder.node("LeakyRelu", [x], ["alpha": .float(0.2)])
    case "relu6": return builder.node("Clip", [x, scalar(0), scalar(6)])
    case "hard_sigmoid":
      return builder.node(
        "HardSigmoid", [x], ["alpha": .float(Float(hardSigmoidSlope)), "beta": .float(0.5)])
    case "silu", "swish": return builder.node("Mul", [x, builder.node("Sigmoid", [x])])
    case "gelu":
      let erf = builder.node("Erf", [builder.node("Mul", [x, scalar(0.5.squareRoot())])])
      let share = builder.node("Mul", [builder.node("Add", [erf, scalar(1)]), scalar(0.5)])
      return builder.node("Mul", [x, share])
    default: throw layer.issue("the activation \(name) is not known")
    }
  }

  /// The slope of `hard_sigmoid`, which is another one since Keras 3.
  var hardSigmoidSlope: Double {
    weights.file.version.hasPrefix("2.") || weights.file.version.hasPrefix("1.") ? 0.2 : 1.0 / 6
  }

  /// ONNX's name of an activation within a recurrent node, with its parameters.
  func activationOfCell(
    _ name: String, of layer: KerasLayer
  ) throws(InterchangeError) -> (name: String, alpha: Float?, beta: Float?) {
    switch name {
    case "tanh": return ("Tanh", nil, nil)
    case "sigmoid": return ("Sigmoid", nil, nil)
    case "relu": return ("Relu", nil, nil)
    case "softsign": return ("Softsign", nil, nil)
    case "softplus": return ("Softplus", nil, nil)
    case "linear": return ("Affine", 1, 0)
    case "elu": return ("Elu", 1, nil)
    case "leaky_relu": return ("LeakyRelu", 0.2, nil)
    case "hard_sigmoid": return ("HardSigmoid", Float(hardSigmoidSlope), 0.5)
    default: throw layer.issue("the activation \(name) within its cell cannot be said by ONNX")
    }
  }
}
