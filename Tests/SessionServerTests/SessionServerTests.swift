import RecurrentTestSupport
import Testing

@testable import SessionServerExample

/// What the tutorial builds: sessions that do not disturb each other, with the bits of the whole sequence.
@Suite struct SessionServerTests {
  private func model() throws -> (path: String, layer: RecurrentLayer<AnyCell>, folder: ScratchFolder) {
    let folder = try ScratchFolder()
    let layer = RecurrentLayer(layerCount: 2, inputSize: 3, key: RandomKey(seed: 5)) {
      AnyCell(LSTM(inputSize: $0, hiddenSize: 4, key: $1))
    }
    let path = folder.path + "/lstm.safetensors"
    try SafetensorsWriter.write(layer.entries(), to: path)
    return (path, layer, folder)
  }

  @Test func answersEachSessionAsAlone() async throws {
    let (path, layer, folder) = try model()
    defer { withExtendedLifetime(folder) {} }
    let server = try SessionServer(model: path)
    let x = Tensor(uniformIn: -1...1, shape: [6, 2, 3], key: RandomKey(seed: 6))
    let whole = layer(SequenceBatch(x)).outputs
    for step in 0..<6 {
      for (row, session) in ["anna", "otto"].enumerated() {
        let output = try await server.answer(x[step][row].scalars, in: session)
        #expect(output == whole[step][row].scalars)
      }
    }
    await server.end("anna")
    #expect(try await server.answer(x[0][0].scalars, in: "anna") == whole[0][0].scalars)
  }

  @Test func refusesWhatDoesNotFit() async throws {
    let (path, _, folder) = try model()
    defer { withExtendedLifetime(folder) {} }
    let server = try SessionServer(model: path)
    await #expect(throws: SessionServer.Problem.wrongCount(expected: 3, found: 1)) {
      try await server.answer([1], in: "anna")
    }
  }
}
