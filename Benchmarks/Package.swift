// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "recurrent-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "recurrent", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
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
  ]
)
