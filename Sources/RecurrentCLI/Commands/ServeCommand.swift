import ArgumentParser
import Recurrent
import RecurrentServing

#if Server
import RecurrentServer
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension MetricAlias: ExpressibleByArgument {}

/// `recurrent serve`.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve models over HTTP and WebSocket, thousands of live sessions at a time.",
    discussion: """
      Each answer has the bits that the session has alone, whoever else is served.

        recurrent serve shakespeare.bundle beats.bundle --listen 127.0.0.1:8080
        curl localhost:8080/v1/completions -d '{"model":"shakespeare","prompt":"ROMEO:","max_tokens":80,"stream":true}'
        curl localhost:8080/v1/sessions -d '{"model":"beats"}'

      A model is called by the name of its file without what follows the first point; NAME=PATH calls it otherwise. \
      SIGTERM and Ctrl-C end the server when what was begun is finished; a second one ends it at once. There is no TLS: \
      a reverse proxy has it. Documentation/serving.md has the formats and the limits.

      The server is built with the trait Server: swift build -c release --traits Server --scratch-path .build-server
      """)

  @Argument(help: ArgumentHelp("Bundles, or files of recurrent layers.", valueName: "[name=]bundle"))
  var bundles: [String]

  @Option(
    help: ArgumentHelp(
      "Address and port to listen at; the port 0 is one that is free.", valueName: "address:port"))
  var listen = "127.0.0.1:8080"

  @Option(
    help: ArgumentHelp(
      "A file with the key that requests must have, but those after health.", valueName: "file"))
  var apiKeyFile: String?

  @Option(
    help: ArgumentHelp(
      "Where sessions are kept that nobody uses, and all of them at the end.", valueName: "folder"))
  var sessionDirectory: String?

  @Option(
    help: ArgumentHelp(
      "What the names of sessions begin with, so that a load balancer finds their server.", valueName: "name")
  )
  var instance = "rnn"

  @Option(
    help: ArgumentHelp(
      "Goes on listening for so long while it says that it is not ready.", valueName: "seconds"))
  var drainDelay = 0.0

  @Option(
    help: ArgumentHelp(
      "Threads that read and write; the models have the other processors.", valueName: "count"))
  var eventLoops = 1

  @Option(
    help: ArgumentHelp(
      "Say figures at /metrics under the names of this server too, for boards that people have; may be repeated.",
      valueName: "\(MetricAlias.allCases.map(\.rawValue).joined(separator: "|"))"))
  var metricsAlias: [MetricAlias] = []

  @OptionGroup var limits: ServeLimits
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    _ = try address()
    guard (0...3600).contains(drainDelay) else {
      throw ValidationError("--drain-delay is \(drainDelay), expected 0 to 3600")
    }
    guard (1...256).contains(eventLoops) else {
      throw ValidationError("--event-loops is \(eventLoops), expected 1 to 256")
    }
    let isName = instance.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || Character(Unicode.Scalar(byte)).isLetter
        || Character(Unicode.Scalar(byte)).isNumber
    }
    guard isName, (1...32).contains(instance.utf8.count) else {
      throw ValidationError(
        "--instance is \"\(instance)\", expected 1 to 32 letters, digits, \"_\" and \"-\"")
    }
  }

  private func address() throws -> (host: String, port: Int) {
    let parts = listen.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2, let port = parts.last.flatMap({ Int($0) }), (0...65535).contains(port) else {
      throw ValidationError("--listen is \(listen), expected an address and a port, such as 127.0.0.1:8080")
    }
    let host = parts.dropLast().joined(separator: ":").filter { $0 != "[" && $0 != "]" }
    return (host.isEmpty ? "0.0.0.0" : host, port)
  }

  func run() throws {
    #if Server
    try serve()
    #else
    Terminal.error(
      "error: this program was built without the server; build it with `swift build -c release --traits Server --scratch-path .build-server`"
    )
    throw ExitCode(2)
    #endif
  }

  #if Server
  private func serve() throws {
    let (host, port) = try address()
    var configuration = HTTPServerConfiguration()
    (configuration.host, configuration.port, configuration.limits) = (host, port, try limits.resolved())
    (configuration.directory, configuration.instance) = (sessionDirectory, instance)
    (configuration.version, configuration.metricAliases) = (RecurrentVersion.current, Set(metricsAlias))
    configuration.key = try apiKeyFile.map { path in
      guard let data = FileManager.default.contents(atPath: path) else {
        throw ValidationError("--api-key-file \(path) cannot be read")
      }
      return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
        ?? ""
    }
    guard configuration.key != "" else {
      throw ValidationError("--api-key-file \(apiKeyFile ?? "") holds no key")
    }
    // event loops have processors of their own; members that spin would take them
    let threads = compute.threads ?? max(1, CPUBackend.shared.threadCount - eventLoops)
    let backend = CPUBackend(threadCount: threads)
    (configuration.backend, configuration.eventLoops) = (backend, eventLoops)
    let hosts = try Backends.$current.withValue(backend) { try open(configuration.limits) }
    let server = HTTPServer(hosts, configuration, created: Int(Date().timeIntervalSince1970))
    let bound = try server.start()
    for own in hosts {
      Terminal.error(
        "\(own.name): \(own.task), \(counted(own.parameterCount, "parameter"))\(own.issue.map { ", no sessions: \($0)" } ?? "")"
      )
    }
    Terminal.error("listening at http://\(host):\(bound)")
    while !Interrupt.isRequested, !server.hasEnded { PlainThread.sleep(milliseconds: 50) }
    guard !server.hasEnded else {
      throw RunError.serve("\(sessionDirectory ?? ""): sessions cannot be read there")
    }
    server.drain(delay: drainDelay)
  }

  private func open(_ limits: ServingLimits) throws -> [ModelHost] {
    var hosts: [ModelHost] = []
    for bundle in bundles {
      let parts = bundle.split(separator: "=", maxSplits: 1).map(String.init)
      let isNamed = parts.count == 2 && !FileManager.default.fileExists(atPath: bundle)
      let host = try ModelHost(
        path: isNamed ? parts[1] : bundle, name: isNamed ? parts[0] : nil, batchSize: limits.batchSize)
      guard !hosts.contains(where: { $0.name == host.name }) else {
        throw ValidationError("two models are called \(host.name); call one otherwise, as in other=\(bundle)")
      }
      hosts.append(host)
    }
    return hosts
  }
  #endif
}
