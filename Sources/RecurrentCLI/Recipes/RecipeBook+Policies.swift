extension RecipeBook {
  /// Policies that learn by acting, in environments that are built in.
  static let policies = [
    policy(
      "cartpole-no-velocity", "CartPole without velocities", "499.9, 499.5, 500.0, 500.0, 500.0",
      .seeds(least: 5), seconds: 15),
    policy(
      "pendulum-no-velocity", "Pendulum without velocities", "-179.1, -198.1, -245.8, -191.1, -196.1",
      .seeds(least: 20), seconds: 10),
    Recipe(
      name: "t-maze-50", what: "a T-maze of 50 places", command: command("t-maze-50"), metric: "success rate",
      figures: "100", isPercent: true, band: maze, seconds: 17),
    policy(
      "cartpole", "CartPole", "500.0",
      .around(5, why: "± 5 around one seed, a hundredth of the longest episode"), seconds: 10),
    policy(
      "pendulum", "Pendulum", "-174.0",
      .around(78, why: "± 78 around one seed, three deviations of the seeds without velocities"), seconds: 10),
    policy(
      "mountain-car", "a car in a valley", "97.6",
      .around(3, why: "± 3 around one seed: the goal is worth 100, less what the way costs"), seconds: 10),
    Recipe(
      name: "t-maze-100", what: "a T-maze of 100 places", command: command("t-maze-100"),
      metric: "success rate", figures: "100", isPercent: true, band: maze, seconds: 12),
  ]

  private static let maze = RecipeBand.around(
    0.02, why: "two of a hundred episodes, of which half are right by chance")

  private static func policy(
    _ name: String, _ what: String, _ figures: String, _ band: RecipeBand, seconds: Double
  ) -> Recipe {
    Recipe(
      name: name, what: what, command: command(name), metric: "mean return", figures: figures, band: band,
      seconds: seconds)
  }

  private static func command(_ environment: String) -> String {
    "train control --kind reinforcement --environment \(environment)"
  }
}
