import RecurrentTestSupport

/// A case of the fixture that scikit-learn made.
struct MetricsFixture {
  private let file: FixtureFile
  private let name: String
  let logits: [[Float]]
  let labels: [Int]
  let scaling: TemperatureScaling

  init(_ name: String) throws {
    file = try FixtureFile("metrics")
    self.name = name
    let flat = try file.file.floats(named: name + "/logits")
    let classes = file.file.info(named: name + "/logits")?.shape[1] ?? 0
    logits = stride(from: 0, to: flat.count, by: classes).map { Array(flat[$0..<$0 + classes]) }
    labels = try file.file.integers(named: name + "/labels").map { Int($0) }
    scaling = TemperatureScaling(temperature: file.cases[name]?["temperature"]?.number ?? .nan)
  }

  var names: [String] { logits[0].indices.map { "class \($0)" } }

  func numbers(_ tensor: String) throws -> [Double] {
    try file.file.floats(named: name + "/" + tensor).map { Double($0) }
  }

  func integers(_ tensor: String) throws -> [Int] {
    try file.file.integers(named: name + "/" + tensor).map { Int($0) }
  }

  func contains(_ tensor: String) -> Bool { file.contains(name + "/" + tensor) }
}

/// Whether numbers are those of a fixture, which are rounded to 24 bits.
func areClose(_ values: [Double?], _ expected: [Double], tolerance: Double = 1e-6) -> Bool {
  values.count == expected.count
    && zip(values, expected).allSatisfy { value, expected in
      value.map { abs($0 - expected) <= tolerance * max(1, abs(expected)) } ?? false
    }
}
