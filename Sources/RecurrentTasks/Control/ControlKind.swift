/// What is learnt about control.
public enum ControlKind: String, NamedSetting, Codable {
  /// A system: its outputs by its inputs alone, behind a warm-up.
  case simulation
  /// A driver: what it does by what it has observed.
  case imitation
}

/// The one action that a distribution of actions becomes.
public enum ActionChoice: String, NamedSetting, Codable {
  /// The mean of the distribution.
  case mean
  /// The mean of its likeliest component.
  case likeliest
}

extension ControlColumns.OutputKind: NamedSetting {}
