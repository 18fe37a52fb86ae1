/// In which order the gates of a cell stand in the weights of other systems. The library has PyTorch's: LSTM i f g o, with
/// coupled gates i g o; GRU r z n; peepholes i f o, with coupled gates i o.
///
/// A list says for each block of the result where it comes from.
package enum GateOrder {
  /// From Keras: LSTM i f c o, GRU z r h.
  package enum FromKeras {
    package static let lstm = [0, 1, 2, 3]
    package static let gru = [1, 0, 2]
  }

  /// From ONNX: LSTM i o f c, GRU z r h, peepholes i o f.
  package enum FromONNX {
    package static let lstm = [0, 2, 3, 1]
    package static let coupledLSTM = [0, 3, 1]
    package static let gru = [1, 0, 2]
    package static let peephole = [0, 2, 1]
    package static let coupledPeephole = [0, 1]
  }

  /// To ONNX; nil for a block that is there and not read.
  package enum ToONNX {
    package static let lstm: [Int?] = [0, 3, 1, 2]
    package static let coupledLSTM: [Int?] = [0, 2, nil, 1]
    package static let gru: [Int?] = [1, 0, 2]
    package static let peephole: [Int?] = [0, 2, 1]
    package static let coupledPeephole: [Int?] = [0, 1, nil]
  }
}
