#if Server
import Recurrent
import RecurrentServing
import RecurrentTestSupport

@testable import RecurrentServer

/// Servers of small models at the loopback of this machine.
enum Loopback {
  private static let key = RandomKey(seed: 3)

  /// A small language model that knows the letters a to h, a space and a line end.
  static let text: Result<TrainedTask<LanguageModelTask>, any Error> = Result {
    let vocabulary = try TextVocabulary.fit(unit: .character, texts: ["abcdefgh \n"])
    var configuration = LanguageModelConfiguration.standard(unit: .character, tokenCount: 1000)
    (configuration.hiddenSize, configuration.embeddingSize, configuration.layerCount) = (9, 5, 2)
    let task = LanguageModelTask(configuration: configuration, vocabulary: vocabulary)
    return TrainedTask(task, task.makeModel(key: key))
  }

  /// The language model as "text", recurrent layers of 3 numbers to 5 as "layers".
  static func hosts() throws -> [ModelHost] {
    let text = ModelHost(name: "text", hash: "hash-of-text", try text.get(), batchSize: 8)
    let layer = RecurrentLayer<AnyCell>(layerCount: 1, inputSize: 3, key: key) {
      CellCatalog.lstm.make(inputSize: $0, hiddenSize: 5, key: $1)
    }
    let folder = try ScratchFolder()
    let path = try folder.file("layers.safetensors")
    try SafetensorsWriter.write(layer.entries(), to: path)
    return [text, try ModelHost(path: path, batchSize: 16)]
  }

  /// Works with a server at a port that is free.
  ///
  /// - Parameter others: models beside those of ``hosts()``.
  static func serving(
    with others: [ModelHost] = [], _ change: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: (HTTPServer, Int) throws -> Void
  ) throws {
    var configuration = HTTPServerConfiguration()
    configuration.port = 0
    change(&configuration)
    let server = HTTPServer(try hosts() + others, configuration, created: 7)
    let port = try server.start()
    defer { server.drain(shouldHurry: { true }) }
    try body(server, port)
  }
}

extension RawClient {
  /// A stream that has begun, behind the answer to its upgrade.
  static func stream(_ port: Int, _ query: String, path: String = "/v1/stream") throws -> RawClient {
    let client = try RawClient(port: port)
    client.send(
      "GET \(path)?\(query) HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: recurrent.v1\r\n\r\n"
    )
    let head = try client.read(until: "\r\n\r\n").lowercased()
    guard head.hasPrefix("http/1.1 101"), head.contains("s3pplmbitxaq9kygzzhzrbk+xoo=") else {
      throw Failure(reason: head)
    }
    return client
  }
}
#endif
