extension RecipeBook {
  /// One label for a sequence.
  static let labels = [
    Recipe(
      name: "rt-polarity", what: "opinions about films, Pang and Lee 2005", folder: "sentiment/rt-polarity",
      command: "train classification {} --folds 10", figures: "0.787, 0.786, 0.786",
      band: .seeds(least: 0.01), seconds: 33),
    Recipe(
      name: "spoken-digits", what: "Free Spoken Digit Dataset", folder: "speech/fsdd",
      command: "train classification {labels.csv} --label-column digit", figures: "0.997, 1.000, 0.993",
      band: .seeds(least: 0.01), seconds: 126),
    Recipe(
      name: "new-speakers", what: "Free Spoken Digit Dataset, each speaker left out once",
      folder: "speech/fsdd",
      command:
        "train classification {labels.csv} --label-column digit --group-column speaker --leave-one-out",
      figures: "0.74",
      band: .around(0.08, why: "± 0.08, two standard errors of the mean of six speakers, of one seed"),
      seconds: 1200),
    Recipe(
      name: "ecg200", what: "ECG200 of the UCR archive", folder: "healthcare/ecg200",
      command: "train classification {train.csv} --test {test.csv}", figures: "0.91, 0.90, 0.91",
      band: .seeds(least: 0.02), seconds: 16),
    Recipe(
      name: "robot-failures", what: "Robot Execution Failures LP1",
      folder: "robotics/robot-execution-failures", command: "train classification {lp1.csv} --folds 5",
      shipped: ["lp1.csv": "robot-failures.csv"], figures: "0.954, 0.920, 0.909", band: .seeds(least: 0.03),
      seconds: 12),
    Recipe(
      name: "lip-commands", what: "GRID, four words read from lips", folder: "video/grid-s1-commands-gif",
      command: "train classification {}", figures: "0.98, 0.98, 0.93", band: .seeds(least: 0.03), seconds: 156
    ),
    Recipe(
      name: "mnist-rows", what: "10,000 digits of MNIST, row by row",
      folder: "synthetic-and-classic/mnist-20k",
      command: "train classification {train10k-images-idx3-ubyte.gz} --test {t10k-images-idx3-ubyte.gz}",
      figures: "0.987, 0.987, 0.986", band: .seeds(least: 0.003), seconds: 54),
    Recipe(
      name: "mnist-pixels", what: "10,000 digits of MNIST, pixel by pixel",
      folder: "synthetic-and-classic/mnist-20k",
      command:
        "train classification {train10k-images-idx3-ubyte.gz} --test {t10k-images-idx3-ubyte.gz} --pixels",
      figures: "0.975, 0.975, 0.975", band: .seeds(least: 0.005), seconds: 270),
  ]
}
