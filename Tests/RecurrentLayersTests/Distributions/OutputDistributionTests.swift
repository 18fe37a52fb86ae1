import RecurrentTestSupport
import Testing

@testable import RecurrentCore
@testable import RecurrentLayers

/// What numbers of a network stand for, and how they are learnt: one formula for the loss, draws, means and quantiles.
@Suite struct OutputDistributionTests {
  static let kinds: [any OutputDistribution] = [
    NumberOutput<Gaussian>(), NumberOutput<StudentT>(), NumberOutput<NegativeBinomial>(),
    CategoricalOutput(count: 4),
    ProductOutput([CategoricalOutput(count: 3), NumberOutput<Gaussian>(), NumberOutput<NegativeBinomial>()]),
    GaussianMixtureOutput(count: 1, leastDeviation: 0.1), GaussianMixtureOutput(count: 3),
    NormalOutput(leastDeviation: 0.2), ProductOutput([NormalOutput(), CategoricalOutput(count: 2)]),
    ProductOutput([GaussianMixtureOutput(count: 2), CategoricalOutput(count: 3)]),
  ]

  private let key = RandomKey(seed: 4)

  private func numbers(_ output: any OutputDistribution, rows: Int) -> Tensor {
    Tensor.random([rows, output.parameters.count], key: key) * 2
  }

  @Test(arguments: kinds.indices) func parametersAreAboveTheirLeast(_ kind: Int) throws {
    let output = Self.kinds[kind]
    let values = numbers(output, rows: 6)
    let columns = output.parameters(values)
    #expect(columns.map(\.shape) == output.parameters.map { _ in [6, 1] })
    for row in 0..<6 {
      let width = output.parameters.count
      let own = output.parameters(values.scalars[row * width..<(row + 1) * width])
      for (index, parameter) in output.parameters.enumerated() {
        #expect(own[index] > parameter.least.map { Double($0) } ?? -.infinity)
        #expect(abs(own[index] - Double(columns[index].scalars[row])) < 1e-5)
      }
    }
    let far = output.parameters([Float](repeating: 1000, count: output.parameters.count))
    #expect(far.allSatisfy { $0 >= 1000 && $0 < 1003 })
  }

  /// Draws are as likely as the loss says, and have the means and quantiles that are said.
  @Test(arguments: kinds.indices) func drawsAgree(_ kind: Int) {
    let output = Self.kinds[kind]
    // degrees of freedom enough for a mean error that is known
    let raw = output.parameters.enumerated().map { Float([0.8, 1.1, 4, 0.2, -0.3, 1.3, 0.4][$0.offset % 7]) }
    let parameters = output.parameters(raw)
    let count = 4000
    let draws = (0..<count).map { output.sample(parameters, key: key, index: $0) }
    #expect(draws.allSatisfy { $0.count == output.size })
    #expect(output.sample(parameters, key: key, index: 7) == draws[7])
    #expect(Set(draws.map { $0[0] }).count > 2)
    for place in 0..<output.size {
      let own = draws.map { Double($0[place]) }
      let mean = own.reduce(0, +) / Double(count)
      let deviation = (own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
      #expect(abs(mean - output.mean(parameters)[place]) < 4 * deviation / Double(count).squareRoot())
      for level in [0.1, 0.5, 0.8] {
        let border = output.quantile(level, parameters)[place]
        let slack = 4 * (level * (1 - level) / Double(count)).squareRoot()
        #expect(Double(own.count { $0 <= border }) / Double(count) > level - slack)
        #expect(Double(own.count { $0 < border }) / Double(count) < level + slack)
      }
    }
  }

  @Test(arguments: kinds.indices) func lossesAreLearnt(_ kind: Int) throws {
    let output = Self.kinds[kind]
    let values = numbers(output, rows: 5)
    let width = output.parameters.count
    let targets = (0..<5).flatMap { row in
      output.sample(output.parameters(values.scalars[row * width..<(row + 1) * width]), key: key, index: row)
    }
    var known: Tensor { Tensor(targets, shape: [5, output.size]) }
    try checkGradient(of: Dropout(rate: 0), inputs: [values]) {
      output.loss($1[0], known, weights: Tensor([1, 0, 2, 0.5, 1]))
    }
    // a row without weight counts for nothing, and nil are ones
    let others = Tensor((0..<5).map { $0 == 1 ? Float(0) : 1 })
    let ones = output.loss(values, known, weights: Tensor([1, 1, 1, 1, 1])).scalar
    #expect(abs(output.loss(values, known, weights: nil).scalar - ones) < 1e-5)
    let without = output.loss(
      gather(values, rows: Indices([0, 2, 3, 4])), gather(known, rows: Indices([0, 2, 3, 4])), weights: nil)
    #expect(abs(output.loss(values, known, weights: others).scalar - without.scalar) < 1e-5)
  }

  @Test func rolesSayWhatMovesWithTheData() {
    #expect(OutputParameter("a", .location).restored(2, size: 10, offset: 3) == 23)
    #expect(OutputParameter("a", .scale).restored(2, size: 10, offset: 3) == 20)
    #expect(OutputParameter("a", .shape).restored(2, size: 10, offset: 3) == 2)
  }

  @Test func classesThatAreNoneTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = CategoricalOutput(count: 3).loss(
        Tensor(zeros: [2, 3]), Tensor([3, 0], shape: [2, 1]), weights: nil)
    }
    await #expect(processExitsWith: .failure) {
      _ = CategoricalOutput(count: 3).loss(
        Tensor(zeros: [2, 3]), Tensor([0, -1], shape: [2, 1]), weights: nil)
    }
  }

  @Test func classesByTheirProbabilities() {
    let output = CategoricalOutput(count: 3)
    // probabilities 1/4, 1/2, 1/4
    let scores = [0.0, 0.693147180559945, 0]
    #expect(abs(output.mean(scores)[0] - 1) < 1e-12)
    #expect([0.2, 0.3, 0.7, 0.8].map { output.quantile($0, scores)[0] } == [0, 1, 1, 2])
    let loss = output.loss(
      Tensor([0, 0.6931472, 0], shape: [1, 3]), Tensor([1], shape: [1, 1]), weights: nil)
    #expect(abs(loss.scalar - 0.6931472) < 1e-6)
  }
}
