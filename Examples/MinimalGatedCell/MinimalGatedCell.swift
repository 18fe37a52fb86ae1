import Recurrent

/// A recurrent cell with one gate, which decides how much of the state is renewed.
///
///     z  = sigmoid(W_z x + b)
///     h' = (1 - z) * h + z * tanh(W_n x + U h)
struct MinimalGatedCell: Cell {
  var update, candidate: Tensor  // [I, H]
  var inner: Tensor  // [H, H]
  var bias: Tensor  // [H]

  init(inputSize: Int, hiddenSize: Int, key: RandomKey) {
    update = Initializer.xavierUniform.matrix(rows: inputSize, columns: hiddenSize, key: key.child(0))
    candidate = Initializer.xavierUniform.matrix(rows: inputSize, columns: hiddenSize, key: key.child(1))
    inner = Initializer.orthogonal.matrix(rows: hiddenSize, columns: hiddenSize, key: key.child(2))
    bias = Tensor(filled: -1, shape: [hiddenSize])  // a nearly closed gate remembers
  }

  var inputSize: Int { update.shape[0] }
  var outputSize: Int { update.shape[1] }

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("update", &update)
    visitor.visit("candidate", &candidate)
    visitor.visit("inner", &inner)
    visitor.visit("bias", &bias)
  }

  func initialState(batch: Int) -> Tensor { Tensor(zeros: [batch, outputSize]) }

  func step(_ x: Tensor, _ h: Tensor) -> (output: Tensor, state: Tensor) {
    let z = sigmoid(matmul(x, update) + bias)
    let next = (1 - z) * h + z * tanh(matmul(x, candidate) + matmul(h, inner))
    return (next, next)
  }
}
