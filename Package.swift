// swift-tools-version: 6.1
import PackageDescription

// SwiftPM refuses unsafe flags in a package that another package uses by version, so they are added
// only when this checkout is the root package (dependencies live under <scratch>/checkouts/).
let isRoot = !Context.packageDirectory.contains("/checkouts/")
let optimisedC: [CSetting] = isRoot ? [.unsafeFlags(["-O3"])] : []
let optimisedSwift: [SwiftSetting] = isRoot ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []

// A release tells `recurrent --version` its commit; other builds stay the same from commit to commit.
let commit: [CSetting] =
  Context.environment["RECURRENT_COMMIT"].map { [.define("REC_COMMIT", to: "\"\($0)\"")] } ?? []

let package = Package(
  name: "recurrent",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Recurrent", targets: ["Recurrent"]),
    .library(name: "RecurrentServing", targets: ["RecurrentServing"]),
    // for programs in other languages; `.ci/release` makes a static one of the same objects
    .library(name: "RecurrentC", type: .dynamic, targets: ["RecurrentC"]),
    .executable(name: "recurrent", targets: ["RecurrentCLI"]),
  ],
  traits: [
    .trait(
      name: "Server", description: "`recurrent serve`: the server over HTTP and WebSocket, through swift-nio"),
    .trait(name: "MPI", description: "Trainings on several machines, by the MPI that the system has."),
    .default(enabledTraits: []),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // fetched and built with the trait alone
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .target(name: "CRecurrentKernels", exclude: ["template"], cSettings: optimisedC),
    .target(name: "RecurrentCore", dependencies: ["CRecurrentKernels"], swiftSettings: optimisedSwift),
    .target(name: "RecurrentLayers", dependencies: ["RecurrentCore"], swiftSettings: optimisedSwift),
    .target(name: "RecurrentFormats", dependencies: ["RecurrentCore"], swiftSettings: optimisedSwift),
    .target(
      name: "RecurrentData", dependencies: ["RecurrentCore", "RecurrentFormats"],
      swiftSettings: optimisedSwift),
    .target(
      name: "RecurrentDecoding", dependencies: ["RecurrentCore", "RecurrentFormats", "RecurrentData"],
      swiftSettings: optimisedSwift),
    .target(
      name: "RecurrentGraph", dependencies: ["RecurrentCore", "RecurrentFormats"],
      swiftSettings: optimisedSwift),
    .target(
      name: "RecurrentTraining",
      dependencies: ["RecurrentLayers", "RecurrentData", "RecurrentFormats"],
      swiftSettings: optimisedSwift),
    .target(
      name: "RecurrentInterchange", dependencies: ["RecurrentLayers", "RecurrentGraph"],
      swiftSettings: optimisedSwift),
    .target(name: "RecurrentReports", dependencies: ["RecurrentCore"], swiftSettings: optimisedSwift),
    .target(
      name: "RecurrentTasks",
      dependencies: ["RecurrentTraining", "RecurrentDecoding", "RecurrentInterchange", "RecurrentReports"],
      swiftSettings: optimisedSwift),
    // without the trait its functions are absent, and nothing of the system is asked for
    .systemLibrary(
      name: "COpenMPI", pkgConfig: Context.environment["RECURRENT_MPI"] ?? "ompi-c",
      providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
    .target(
      name: "CRecurrentMPI", dependencies: [.target(name: "COpenMPI", condition: .when(traits: ["MPI"]))],
      cSettings: [.define("RECURRENT_MPI", .when(traits: ["MPI"]))]),
    .target(
      name: "RecurrentMPI", dependencies: ["RecurrentTraining", "CRecurrentMPI"],
      swiftSettings: optimisedSwift),
    .target(name: "Recurrent", dependencies: ["RecurrentTasks"]),
    .target(name: "RecurrentServing", dependencies: ["RecurrentTasks"], swiftSettings: optimisedSwift),
    .target(
      name: "RecurrentServer",
      dependencies: ["RecurrentServing"]
        + ["NIOCore", "NIOPosix", "NIOHTTP1", "NIOWebSocket"].map {
          .product(name: $0, package: "swift-nio", condition: .when(traits: ["Server"]))
        },
      swiftSettings: optimisedSwift),
    .target(name: "CRecurrent", exclude: ["recurrent.map"], cSettings: commit),
    .target(
      name: "RecurrentC", dependencies: ["CRecurrent", "CRecurrentKernels", "Recurrent"],
      swiftSettings: optimisedSwift),
    .executableTarget(
      name: "RecurrentCLI",
      dependencies: [
        "CRecurrent",
        "Recurrent",
        "RecurrentServing",
        "RecurrentServer",
        "RecurrentMPI",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(name: "CAllocationCounter"),
    .target(
      name: "RecurrentTestSupport",
      dependencies: ["CAllocationCounter", "Recurrent"],
      swiftSettings: optimisedSwift),
    .executableTarget(
      name: "MinimalGatedCellExample", dependencies: ["Recurrent"], path: "Examples/MinimalGatedCell"),
    .executableTarget(
      name: "SessionServerExample", dependencies: ["Recurrent"], path: "Examples/SessionServer"),
    .testTarget(name: "SessionServerTests", dependencies: ["SessionServerExample", "RecurrentTestSupport"]),
    .testTarget(
      name: "MinimalGatedCellTests", dependencies: ["MinimalGatedCellExample", "RecurrentTestSupport"]),
    .testTarget(
      name: "RecurrentCoreTests",
      dependencies: ["RecurrentCore", "CRecurrentKernels", "RecurrentTestSupport"]),
    .testTarget(name: "RecurrentLayersTests", dependencies: ["RecurrentLayers", "RecurrentTestSupport"]),
    .testTarget(name: "RecurrentDataTests", dependencies: ["RecurrentData", "RecurrentTestSupport"]),
    .testTarget(
      name: "RecurrentDecodingTests", dependencies: ["RecurrentDecoding", "RecurrentTestSupport"]),
    .testTarget(name: "RecurrentFormatsTests", dependencies: ["RecurrentFormats", "RecurrentTestSupport"]),
    .testTarget(name: "RecurrentGraphTests", dependencies: ["RecurrentGraph", "RecurrentTestSupport"]),
    .testTarget(
      name: "RecurrentInterchangeTests", dependencies: ["RecurrentInterchange", "RecurrentTestSupport"]),
    .testTarget(name: "RecurrentTrainingTests", dependencies: ["RecurrentTraining", "RecurrentTestSupport"]),
    .testTarget(name: "RecurrentReportsTests", dependencies: ["RecurrentReports", "RecurrentTestSupport"]),
    .testTarget(name: "RecurrentTasksTests", dependencies: ["RecurrentTasks", "RecurrentTestSupport"]),
    .testTarget(name: "RecurrentServingTests", dependencies: ["RecurrentServing", "RecurrentTestSupport"]),
    .testTarget(name: "RecurrentServerTests", dependencies: ["RecurrentServer", "RecurrentTestSupport"]),
    .testTarget(
      name: "RecurrentCTests", dependencies: ["CRecurrent", "RecurrentC", "RecurrentTestSupport"]),
    // the code of the articles, so that a change of the interface breaks it in the same build
    .testTarget(name: "ArticleTests", dependencies: ["Recurrent", "RecurrentTestSupport"]),
    // runs the executable as users do; the dependency builds it first
    .testTarget(name: "RecurrentCLITests", dependencies: ["RecurrentCLI", "RecurrentTestSupport"]),
  ]
)
