extension RecipeBook {
  /// Systems and drivers.
  static let systems = [
    Recipe(
      name: "tank-free-run", what: "cascaded tanks, simulated from the voltage alone",
      folder: "robotics/cascaded-tanks",
      command: "train control {estimation.csv} --outputs lower_tank_level --test {test.csv}",
      metric: "root mean squared error", figures: "0.280, 0.256, 0.264", band: .seeds(least: 0.02),
      seconds: 74),
    Recipe(
      name: "drone-plant", what: "a drone, learnt from steps, tested on slow changes",
      folder: "robotics/quarter-drone",
      command:
        "train control {steps.csv} --inputs control_pct --outputs angle_deg --test {semi_static.csv}",
      metric: "root mean squared error", figures: "6.44", band: drone, seconds: 116),
    Recipe(
      name: "drone-plant-back", what: "a drone, learnt from slow changes, tested on steps",
      folder: "robotics/quarter-drone",
      command:
        "train control {semi_static.csv} --inputs control_pct --outputs angle_deg --test {steps.csv}",
      metric: "root mean squared error", figures: "12.4", band: drone, seconds: 74),
    Recipe(
      name: "wall-driver", what: "moves of a robot along a wall, imitated", folder: "robotics/wall-following",
      command:
        "train control {sensor_readings_24.csv} --kind imitation --outputs move --split 0.675,0.075,0.25",
      shipped: ["sensor_readings_24.csv": "wall-following.csv.gz"], figures: "0.973",
      band: .interval(0.964, 0.982), seconds: 68),
    Recipe(
      name: "drone-driver", what: "a controller of a drone, imitated", folder: "robotics/quarter-drone",
      command:
        "train control {steps.csv} --kind imitation --inputs reference_deg,angle_deg --outputs control_pct --test {semi_static.csv}",
      metric: "R2", figures: "0.938",
      band: .around(0.03, why: "± 0.03 around one seed: another set of its settings moves it by 0.01"),
      seconds: 100),
  ]

  private static let drone = RecipeBand.around(
    1.5, why: "± 1.5 degrees around one seed: another excitation, which one seed says little about")
}
