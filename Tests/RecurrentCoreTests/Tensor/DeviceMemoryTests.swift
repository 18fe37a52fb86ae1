import RecurrentTestSupport
import Testing

@testable import RecurrentCore

/// Tensors live in the memory of their backend, whatever the current one is.
@Suite struct DeviceMemoryTests {
  private struct Network: Module {
    var embedding: Embedding
    var convolution: Convolution1D
    var recurrent: RecurrentLayer<LSTM>
    var attention: AttentionPooling
    var field: ConditionalRandomField

    init(key: RandomKey) {
      embedding = Embedding(vocabularySize: 9, size: 4, key: key)
      convolution = Convolution1D(inputSize: 4, outputSize: 5, width: 3, key: key)
      recurrent = RecurrentLayer(
        layerCount: 2, inputSize: 5, isBidirectional: true, dropoutRate: 0.3, key: key
      ) {
        LSTM(
          inputSize: $0, hiddenSize: 3,
          options: LSTMOptions(hasPeepholes: true, normalizesLayers: true, cellClip: 2),
          regularization: RecurrentRegularization(zoneout: 0.2, inputDropout: 0.1, recurrentDropout: 0.2),
          key: $1)
      }
      attention = AttentionPooling(inputSize: 6, size: 3, key: key)
      field = ConditionalRandomField(labelCount: 6, key: key)
    }

    mutating func walk(_ visitor: inout some ParameterVisitor) {
      visitor.visit("embedding", &embedding)
      visitor.visit("convolution", &convolution)
      visitor.visit("recurrent", &recurrent)
      visitor.visit("attention", &attention)
      visitor.visit("field", &field)
    }

    /// A loss that goes through everything that makes masks and constants.
    func loss(_ ids: Indices, lengths: [Int], key: RandomKey) -> Tensor {
      let batch = convolution(SequenceBatch(embedding(ids), lengths: lengths))
      let (outputs, state) = recurrent(batch, mode: .training(key))
      var sum =
        attention(outputs, lengths: lengths).pooled.sum()
        + state.tensors.reduce(outputs.sum()) { $0 + $1.sum() }
      for pooling in [SequencePooling.mean, .max, .last] {
        sum = sum + pooling(outputs, lengths: lengths, isBidirectional: true).sum()
      }
      let labels = Indices([Int32](repeating: 1, count: ids.count), shape: ids.shape)
      let rows = outputs.reshaped(to: [ids.count, 6])
      return sum + field.loss(outputs, labels, lengths: lengths)
        + focalLoss(rows, Indices(labels.values), gamma: 2)
        + crossEntropy(outputs, labels, lengths: lengths)
        + huberLoss(outputs, outputs * 0.5, lengths: lengths)
    }
  }

  @Test func everythingStaysOnTheDeviceOfTheModel() {
    let pool = StoragePool()
    do {
      let key = RandomKey(seed: 4)
      var model = Network(key: key).moved(to: ReferenceBackend(memory: pool))
      let ids = Indices((0..<12).map { Int32($0 % 9) }, shape: [4, 3])
      let before = pool.statistics.peakBytes
      let (loss, gradient) = valueAndGradient(of: model) { $0.loss(ids, lengths: [4, 2, 0], key: key) }
      var optimizer = Adam(learningRate: 0.1)
      optimizer.update(&model, gradient)
      #expect(loss.scalar.isFinite && gradient.norm > 0)
      #expect(
        (model.parameters + gradient.parameters).allSatisfy { $0.value.backend is ReferenceBackend })
      #expect(pool.statistics.peakBytes > before)
    }
    // all of it goes back to whom it came from
    pool.trim()
    #expect(pool.statistics.bytes == 0)
  }
}
