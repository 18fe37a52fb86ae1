import RecurrentTestSupport
import Testing

/// What is counted without numbers is what is there when it is made.
@Suite struct CountParametersTests {
  private let key = RandomKey(seed: 3)

  private static let options: [CellOptions] = {
    var all = [
      CellOptions(), CellOptions(activation: .relu), CellOptions(window: 5), CellOptions(headCount: 3),
    ]
    for number in 0..<16 {
      let lstm = LSTMOptions(
        hasPeepholes: number & 1 != 0, couplesGates: number & 2 != 0, normalizesLayers: number & 4 != 0,
        projectionSize: number & 8 != 0 ? 5 : nil, cellClip: 3)
      all.append(CellOptions(lstm: lstm))
    }
    return all
  }()

  @Test(arguments: CellCatalog.allCases) func cells(_ cell: CellCatalog) {
    var counted = 0
    for options in Self.options where cell.issue(with: options) == nil {
      for (inputs, units) in [(7, 12), (12, 12), (1, 24)] {
        for initialization in [RecurrentInitialization.uniform, .orthogonal] {
          func make() -> AnyCell {
            cell.make(
              inputSize: inputs, hiddenSize: units, options: options, initialization: initialization, key: key
            )
          }
          #expect(countParameters(of: make) == make().parameterCount)
          #expect(
            cell.parameterCount(inputSize: inputs, hiddenSize: units, options: options)
              == make().parameterCount)
        }
        counted += 1
      }
    }
    #expect(counted >= 3)
    #expect(cell.parameterCount(inputSize: 0, hiddenSize: 8) == 0)
    #expect(
      cell.parameterCount(inputSize: 3, hiddenSize: 8, options: CellOptions(window: -1)) == 0)
  }

  private struct Everything: Module {
    var linear, other: Linear
    var embedding: Embedding
    var norm: LayerNorm
    var softmax: AdaptiveSoftmax
    var steps: Convolution1D
    var pictures: Convolution2D
    var field: ConditionalRandomField
    var attention: AttentionPooling
    var recurrent: RecurrentLayer<LSTM>

    init(size: Int, key: RandomKey) {
      linear = Linear(inputSize: size, outputSize: 3, initializer: .orthogonal, key: key)
      other = Linear(inputSize: 3, outputSize: size, hasBias: false, initializer: .kaimingNormal, key: key)
      embedding = Embedding(vocabularySize: size, size: 5, key: key)
      norm = LayerNorm(size: size)
      softmax = AdaptiveSoftmax(inputSize: size, classCount: 90, cutoffs: [10, 40], key: key)
      steps = Convolution1D(inputSize: size, outputSize: 4, width: 3, key: key)
      pictures = Convolution2D(inputSize: size, outputSize: 4, key: key)
      field = ConditionalRandomField(labelCount: size, key: key)
      attention = AttentionPooling(inputSize: size, size: 3, key: key)
      recurrent = RecurrentLayer(
        layerCount: 3, inputSize: size, isBidirectional: true, initialState: .trained, key: key
      ) { LSTM(inputSize: $0, hiddenSize: size, key: $1) }
    }

    mutating func walk(_ visitor: inout some ParameterVisitor) {
      visitor.visit("linear", &linear)
      visitor.visit("other", &other)
      visitor.visit("embedding", &embedding)
      visitor.visit("norm", &norm)
      visitor.visit("softmax", &softmax)
      visitor.visit("steps", &steps)
      visitor.visit("pictures", &pictures)
      visitor.visit("field", &field)
      visitor.visit("attention", &attention)
      visitor.visit("recurrent", &recurrent)
    }
  }

  @Test func layers() {
    #expect(
      countParameters { Everything(size: 6, key: key) } == Everything(size: 6, key: key).parameterCount)
  }

  /// Sizes that no machine holds are counted at once, and such that no Int holds do not trap.
  @Test func largeSizes() {
    #expect(
      countParameters { Linear(inputSize: 1 << 26, outputSize: 1 << 27, key: key) } == (1 << 53) + (1 << 27))
    for size in [1 << 40, 1 << 56, 1 << 62, .max - 8, .max] {
      #expect(countParameters { Everything(size: size, key: key) } == 1 << 56)
      for cell in CellCatalog.allCases {
        #expect((min(size, 1 << 56)...1 << 56).contains(cell.parameterCount(inputSize: 12, hiddenSize: size)))
        #expect(cell.parameterCount(inputSize: size, hiddenSize: size) == 1 << 56)
      }
    }
  }
}
