import RecurrentTestSupport
import Testing

@testable import RecurrentCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct StoragePoolTests {
  /// Blocks fit, waste at most an eighth beyond the smallest size, and equal sizes share blocks.
  @Test func blockSizes() {
    for bytes in Array(0...5000) + [1 << 20, (1 << 20) + 1, 123_456_789] {
      let size = StoragePool.blockSize(for: bytes)
      #expect(size >= bytes && size % 64 == 0)
      #expect(bytes <= 512 ? size == 512 : Double(size) <= Double(bytes) * 1.126)
      #expect(StoragePool.blockSize(for: size) == size)
    }
  }

  @Test func reusesBlocks() {
    let pool = StoragePool()
    let first = pool.take(bytes: 1000)
    #expect(UInt(bitPattern: first) % 64 == 0)
    pool.give(first, bytes: 1000)
    #expect(pool.take(bytes: 990) == first)
    let second = pool.take(bytes: 1000)
    #expect(second != first)
    #expect(pool.statistics == StoragePool.Statistics(systemAllocations: 2, bytes: 2048, peakBytes: 2048))
    pool.give(first, bytes: 990)
    pool.give(second, bytes: 1000)
    pool.trim()
    #expect(pool.statistics.bytes == 0)
  }

  /// Writing to a tensor that shares storage with another leaves the other alone.
  /// Blocks of all sizes, those that ask for huge pages included, are aligned, separate and whole, and go back.
  @Test func blocksOfAllSizes() {
    let pool = StoragePool()
    let sizes = [1, 600, 1 << 18, (1 << 22) - 1, 1 << 22, 5 << 20, (1 << 23) + 77]
    let blocks = sizes.map { pool.take(bytes: $0) }
    for (block, size) in zip(blocks, sizes) {
      #expect(UInt(bitPattern: block) % 64 == 0)
      block.initializeMemory(as: UInt8.self, repeating: UInt8(size % 251), count: size)
    }
    for (block, size) in zip(blocks, sizes) {
      let bytes = UnsafeRawBufferPointer(start: block, count: size)
      #expect(bytes.first == UInt8(size % 251) && bytes.last == UInt8(size % 251))
    }
    for (block, size) in zip(blocks, sizes) { pool.give(block, bytes: size) }
    pool.trim()
    #expect(pool.statistics.bytes == 0)
  }

  @Test func valueSemantics() {
    let x = Tensor([1, 2, 3, 4])
    var y = x
    let part = y.sliced(axis: 0, 1..<3)
    y.backend.add(Tensor([10, 10, 10, 10]), to: &y)
    #expect(x.scalars == [1, 2, 3, 4] && part.scalars == [2, 3] && y.scalars == [11, 12, 13, 14])
  }

  #if os(Linux)
  /// In steady state a training step asks the system for no memory: no block for the pool, no growth of the process.
  ///
  /// A process of its own, because the pool and the heap are shared by all tests. Two hundred steps, so that a few
  /// hundred bytes lost in each would make the heap ask for a page run.
  @Test func trainingStepAllocatesNothing() async {
    await #expect(processExitsWith: .success) {
      // a team that gives way to other processes takes other memory for its scratch
      try Backends.$current.withValue(CPUBackend(exactThreadCount: 2)) {
        var model = SmallLanguageModel(key: RandomKey(seed: 1))
        for step in 0..<10 { model.train(step) }
        _ = try addressSpacePages()
        let (before, pages) = (StoragePool.shared.statistics, try addressSpacePages())
        for step in 10..<210 { model.train(step) }
        #expect(StoragePool.shared.statistics == before)
        #expect(try addressSpacePages() == pages)
      }
    }
  }
  #endif
}

/// The size of the address space of this process, in pages.
private func addressSpacePages() throws -> Int {
  let text = try String(contentsOf: URL(filePath: "/proc/self/statm"), encoding: .utf8)
  return try #require(text.split(separator: " ").first.flatMap { Int($0) })
}

/// Everything that a training step of a language model uses.
struct SmallLanguageModel: Module {
  var embedding: Embedding
  var layer: RecurrentLayer<LSTM>
  var output: Linear
  static let (vocabulary, steps, rows) = (61, 20, 16)

  init(key: RandomKey) {
    embedding = Embedding(vocabularySize: Self.vocabulary, size: 48, key: key.child(0))
    layer = RecurrentLayer(layerCount: 2, inputSize: 48, dropoutRate: 0.2, key: key.child(1)) {
      LSTM(inputSize: $0, hiddenSize: 80, key: $1)
    }
    output = Linear(inputSize: 80, outputSize: Self.vocabulary, key: key.child(2))
  }

  mutating func walk(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    visitor.visit("layer", &layer)
    visitor.visit("output", &output)
  }

  mutating func train(_ step: Int) {
    let key = RandomKey(seed: 2).child(step)
    let ids = key.integers((Self.steps + 1) * Self.rows, below: Self.vocabulary).map { Int32($0) }
    let shape = [Self.steps, Self.rows]
    let (_, gradient) = valueAndGradient(of: self) { model in
      let x = dropout(model.embedding(Indices(ids.dropLast(Self.rows), shape: shape)), rate: 0.1, key: key)
      let (y, _) = model.layer(SequenceBatch(x), mode: .training(key))
      return crossEntropy(model.output(y), Indices(Array(ids.dropFirst(Self.rows)), shape: shape))
    }
    var slopes = gradient.parameters.makeIterator()
    self = mappingParameters { _, parameter in
      guard let slope = slopes.next() else { return parameter }
      var (parameter, none) = (parameter, [Tensor]())
      let rule = OptimizerStep.Rule.sgd(momentum: 0, dampening: 0, isNesterov: false)
      parameter.backend.optimize(
        OptimizerStep(rule: rule, step: step + 1, learningRate: 0.1), parameter: &parameter,
        gradient: slope.value,
        statistics: &none)
      return parameter
    }
  }
}
