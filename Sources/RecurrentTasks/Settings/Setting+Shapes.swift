extension Setting where Value == String {
  /// The joint that others are relative to.
  public static var skeleton: Setting {
    Setting(
      "skeleton", .text, "joint",
      help:
        "The root joint, such as hip, where channels are coordinates of joints (hip_x, hip_y, ...): places relative to it and "
        + "velocities are read.")
  }
}

extension Setting where Value == [String] {
  /// Channels that are the way of a pen.
  public static var pen: Setting {
    Setting(
      "pen", .texts, "x,y[,stroke]",
      help:
        "Channels that are the way of a pen, with the number of the stroke if any; none for numbers like all others."
    )
  }
}

extension Setting where Value == Double {
  /// Turn characters.
  public static var rotation: Setting {
    Setting(
      "rotation", .number(0...180), "degrees",
      help: "Turn characters of a pen by up to this angle, in degrees.")
  }
}
