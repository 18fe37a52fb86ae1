extension RecipeBook {
  /// A label or numbers at each moment.
  static let moments = [
    Recipe(
      name: "heartbeats", what: "MIT-BIH record 100, its beats", folder: "healthcare/mit-bih-100-beats",
      command:
        "train tagging {ecg_mlii_180hz.csv} --events {beats.csv} --tolerance 0.05 --single-label beat",
      metric: "F1", figures: "1.000, 1.000, 1.000", band: .seeds(least: 0.005), seconds: 19),
    Recipe(
      name: "heartbeats-causal", what: "MIT-BIH record 100, its beats as they come",
      folder: "healthcare/mit-bih-100-beats",
      command:
        "train tagging {ecg_mlii_180hz.csv} --events {beats.csv} --tolerance 0.05 --single-label beat --causal",
      metric: "F1", figures: "1.000, 1.000, 1.000", band: .seeds(least: 0.005), seconds: 10),
    Recipe(
      name: "wall-following", what: "moves of a robot along a wall", folder: "robotics/wall-following",
      command: "train tagging {sensor_readings_24.csv} --label-column move --causal",
      shipped: ["sensor_readings_24.csv": "wall-following.csv.gz"], figures: "0.974, 0.974, 0.974",
      band: .seeds(least: 0.01), seconds: 17),
    Recipe(
      name: "lip-words", what: "GRID, words and when they are said, read from lips",
      folder: "video/grid-s1-captions-gif",
      command: "train tagging {clips} --events {events.csv} --tolerance \"2 frames\"", metric: "F1",
      figures: "0.671, 0.698, 0.690", band: .seeds(least: 0.03), seconds: 390),
    Recipe(
      name: "tank-level", what: "cascaded tanks, the level from the voltage",
      folder: "robotics/cascaded-tanks",
      command:
        "train sequence-regression {estimation.csv} --target lower_tank_level --time time_s --causal --test {test.csv}",
      metric: "root mean squared error", figures: "0.721, 0.758, 0.779", band: .seeds(least: 0.05), seconds: 3
    ),
    Recipe(
      name: "circuit", what: "a nonlinear circuit, its voltage from the input",
      folder: "robotics/rlc-nonlinear",
      command:
        "train sequence-regression {train.csv} --target v_c,i_l --time time_s --causal --test {test.csv}",
      metric: "root mean squared error, v_c", figures: "2.45, 2.67, 2.35", band: .seeds(least: 0.2),
      seconds: 11),
    Recipe(
      name: "drone-angle", what: "a drone, its angle from reference and control",
      folder: "robotics/quarter-drone",
      command:
        "train sequence-regression {steps.csv} --target angle_deg --time time_s --causal --test {semi_static.csv}",
      metric: "root mean squared error", figures: "2.18, 1.41, 2.27", band: .seeds(least: 0.5), seconds: 10),
  ]
}
