// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "recurrent-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "recurrent", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .target(name: "CMachine"),
    .executableTarget(
      name: "recurrent-benchmark",
      dependencies: [
        "CMachine",
        .product(name: "Recurrent", package: "recurrent"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // load for a server; needs nothing of ours
    .executableTarget(
      name: "recurrent-load",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ]
)
