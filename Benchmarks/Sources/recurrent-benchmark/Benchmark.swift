import ArgumentParser

@main
struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recurrent-benchmark",
    abstract: "Times Recurrent beside other systems, in turn, in one call.",
    discussion: """
      Run it on an otherwise quiet machine. The opponents run from Python: install Benchmarks/requirements.txt into a
      virtual environment and name its interpreter with --python.
      """,
    subcommands: [
      LayersBenchmark.self, KernelBenchmark.self, LanguageModelBenchmark.self, GenerationBenchmark.self,
      StepsBenchmark.self,
    ],
    defaultSubcommand: LayersBenchmark.self)
}
