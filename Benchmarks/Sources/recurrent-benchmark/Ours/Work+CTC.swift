import Recurrent

/// Logits that get a gradient.
private struct Logits: Module {
  var logits: Tensor

  mutating func walk(_ visitor: inout some ParameterVisitor) { visitor.visit("logits", &logits) }
}

extension Work {
  /// The mean loss of rows with as many frames and tokens, and the gradient of the logits; class 0 is the blank.
  static func ctc(_ problem: Problem) -> Work {
    let (steps, rows, classes) = (problem["T"], problem["B"], problem["V"])
    let model = Logits(logits: SharedNumbers.tensor("logits", shape: [steps, rows, classes], bound: 3))
    let size = problem["L"]
    let tokens = SharedNumbers.tokens("targets", shape: [rows, size], vocabulary: classes - 1).values
    let targets = (0..<rows).map { row in tokens[row * size..<(row + 1) * size].map { $0 + 1 } }
    func train() -> (value: Tensor, gradient: Logits) {
      valueAndGradient(of: model) { ctcLoss($0.logits, targets) }
    }
    return Work(
      run: { milliseconds { _ = train() } },
      check: {
        let (loss, gradient) = train()
        return ["loss": Double(loss.scalar), "d_logits": gradient.logits.norm]
      })
  }
}
