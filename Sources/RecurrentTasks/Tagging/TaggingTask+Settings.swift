extension RecordingColumns.EventUnit: NamedSetting {}

extension Setting where Value == String {
  /// A table of events.
  public static var events: Setting {
    Setting(
      "events", .text, "file",
      help:
        "A table of events: what happens when, and in which file. For nucleotide sequences also their features in GFF3, GTF, "
        + "GenBank or EMBL, or sequences with a letter for each base.")
  }
  /// Its column with the file.
  public static var eventFile: Setting { .column("event-file", help: "Its column with the file.") }
  /// Its column with the kind of event.
  public static var eventLabel: Setting { .column("event-label", help: "Its column with the kind of event.") }
  /// Its column with the beginning.
  public static var eventStart: Setting { .column("event-start", help: "Its column with the beginning.") }
  /// Its column with the end.
  public static var eventEnd: Setting { .column("event-end", help: "Its column with the end.") }
  /// Take all events as of this one kind.
  public static var singleLabel: Setting {
    .column("single-label", help: "Take all events as of this one kind.")
  }
}

extension Setting where Value == RecordingColumns.EventUnit {
  /// What its positions count.
  public static var eventUnit: Setting {
    Setting(
      "event-unit", of: "unit",
      help:
        "What its positions count: time, as the column of times does, or seconds; or steps (rows, frames, samples) "
        + "from 0 (default: by the names of the columns).")
  }
}

extension AnnotationChoice: NamedSetting {}
extension EventScore: NamedSetting {}

extension Setting where Value == AnnotationChoice {
  /// Which annotations of records of WFDB and EDF are events.
  public static var annotations: Setting {
    Setting(
      "annotations", of: "kind",
      help:
        "Which annotations of records of WFDB and EDF are events: beats, rhythms (each until the next) or all "
        + "(default: beats where there are some, else all).")
  }
}

extension Setting where Value == EventScore {
  /// What found events are compared by.
  public static var score: Setting {
    Setting(
      "score", of: "rule",
      help:
        "What found events are compared by, and the threshold is chosen by: onset, both (beginning and end), or iou "
        + "(half of what both cover in common) (default: onset).")
  }
}

extension Setting where Value == TaskDuration {
  /// How long before an event it is to be said.
  public static var ahead: Setting {
    Setting(
      "ahead", written: "seconds",
      help:
        "Warn of events before they happen: learn so long a time before each, such as 30s or 5min; with causal alone."
    )
  }
  /// How far a found event may be from a known one.
  public static var tolerance: Setting {
    Setting(
      "tolerance", written: "seconds",
      help:
        "How far a found event may be from a known one: 0.05, 50 ms, \"2 frames\" (default: 0.05, or two steps)."
    )
  }
  /// Leave out shorter events.
  public static var minimumDuration: Setting {
    Setting("minimum-duration", written: "seconds", help: "Leave out shorter events.")
  }
  /// Join events with less between them.
  public static var minimumGap: Setting {
    Setting("minimum-gap", written: "seconds", help: "Join events with less between them.")
  }
  /// By how much the labels of a causal network are delayed.
  public static var delay: Setting {
    Setting(
      "delay", written: "seconds",
      help: "By how much the labels of a causal network are delayed (default: the tolerance of events).")
  }
}

extension Setting where Value == Double {
  /// How much of a long recording is read at once in training.
  public static var windowSeconds: Setting {
    Setting(
      "window-seconds", .number(0.001...1e6), "x",
      help: "How much of a long recording is read at once in training.")
  }
}

extension Setting where Value == Bool {
  /// Score labels that follow each other together.
  public static var crf: Setting {
    Setting("crf", .bool, help: "Score labels that follow each other together.")
  }
}

extension TaggingTask {
  /// The shares of training, validation and test.
  static let standardShares = [0.65, 0.1, 0.25]
  /// Units in a recurrent layer.
  static let standardHiddenSize = 48

  /// Everything that can be set, by groups.
  public static var settings: [SettingsGroup] {
    [
      SettingsGroup(
        "Data",
        [
          Setting.labelColumn.describing("The column with the label of each step."),
          Setting.idColumn.describing(
            "The column that numbers recordings; several that do so together with commas between."),
          Setting.time,
          Setting.ignoredColumns, Setting.categories,
          Setting.dateOrder, Setting.decimal, Setting.events, Setting.eventFile, Setting.eventLabel,
          Setting.eventStart, Setting.eventEnd, Setting.eventUnit, Setting.singleLabel, Setting.annotations,
          Setting.features, Setting.strands,
          Setting.split.describing(
            "Shares for training, validation and test; of one recording by time.", standard: standardShares),
        ]),
      .tables,
      SettingsGroup(
        "Events",
        [
          Setting.tolerance, Setting.score, Setting.minimumDuration, Setting.minimumGap, Setting.delay,
          Setting.ahead,
        ]),
      SettingsGroup(
        "Features and model",
        [
          Setting.softMask,
          Setting.scaling, Setting.ranges, Setting.bands, Setting.coefficients, Setting.deltas, Setting.level,
          Setting.sampleRate, Setting.stack, Setting.stride, Setting.skeleton,
          Setting.windowSeconds, Setting.cell, Setting.hidden.describing(standard: standardHiddenSize),
          Setting.layers, Setting.embedding, Setting.convolutions, Setting.pictureConvolutions,
          Setting.causal,
          Setting.crf, Setting.dropout, Setting.balance, Setting.noise, Setting.scale, Setting.shift,
          Setting.reverseComplement,
        ]),
      .cell,
    ]
  }

  /// A CRF scores labels together, which have no weights of their own.
  public static func issue(of settings: Settings) -> String? {
    if settings[.crf] == true, settings[.balance] == true {
      return "balance must be off beside crf, whose labels are scored together and have no weights"
    }
    if settings[.ahead] != nil {
      if settings[.causal] != true {
        return
          "ahead must stand beside causal: a network that looks into the future would see the event itself"
      }
      if settings[.crf] == true { return "crf must be off beside ahead, which leaves steps without a label" }
      if settings[.delay] != nil || settings[.tolerance] != nil || settings[.minimumDuration] != nil
        || settings[.minimumGap] != nil || settings[.score] != nil
      {
        return
          "delay, tolerance, minimum-duration, minimum-gap and score must be left out beside ahead, whose "
          + "warnings have none"
      }
    }
    return settings.splitIssue ?? CellChoice(settings).issue
  }
}
