import RecurrentReports

extension PianoRollChart {
  /// The notes of steps: held tones make them longer; where held tones are not told, tones that follow each other are one.
  ///
  /// - Parameters:
  ///   - title: what stands above.
  ///   - steps: what sounds.
  ///   - tellsHeld: whether they tell held tones.
  ///   - givenCount: steps at the beginning that were given.
  ///   - stepsPerBar: steps of a bar.
  init(
    title: String, _ steps: [[MusicPiece.Tone]], tellsHeld: Bool, givenCount: Int = 0, stepsPerBar: Int?
  ) {
    var notes: [Note] = []
    var open: [Int: Int] = [:]
    for (step, tones) in steps.enumerated() {
      var next: [Int: Int] = [:]
      for tone in tones {
        if tone.isHeld || !tellsHeld, let place = open[tone.key], step != givenCount {
          notes[place].steps = notes[place].steps.lowerBound..<step + 1
          next[tone.key] = place
        } else {
          next[tone.key] = notes.count
          notes.append(Note(key: tone.key, steps: step..<step + 1, isGiven: step < givenCount))
        }
      }
      open = next
    }
    self.init(title: title, notes: notes, stepCount: steps.count, stepsPerBar: stepsPerBar)
  }
}

extension MusicStyle {
  /// Shares of the pitch classes beside those of others, as bars.
  func charts(beside other: MusicStyle, named name: String) -> [HTMLReport.Figure] {
    let names = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"]
    let classes = names.indices.flatMap { pitch in
      [
        BarChart.Bar(name: names[pitch], value: pitchClasses[pitch]),
        BarChart.Bar(name: name, value: other.pitchClasses[pitch], isReference: true),
      ]
    }
    let (own, others) = (MusicStyle.shares(intervals), MusicStyle.shares(other.intervals))
    let steps = intervals.indices.filter { $0 != 12 && (own[$0] > 0.005 || others[$0] > 0.005) }.flatMap {
      place in
      [
        BarChart.Bar(name: place > 12 ? "+\(place - 12)" : "\(place - 12)", value: own[place]),
        BarChart.Bar(name: name, value: others[place], isReference: true),
      ]
    }
    return [
      HTMLReport.Figure(
        BarChart(title: "Pitch classes", valueLabel: "share of the tones", bars: classes),
        caption: "Outlined: \(name)."),
      HTMLReport.Figure(
        BarChart(title: "Intervals of the highest voice", valueLabel: "share of its moves", bars: steps),
        caption: "In semitones; outlined: \(name)."),
    ]
  }
}

extension MusicTask {
  /// A piece that was written as a piano roll in SVG, what was given in grey.
  public func drawing(_ written: WrittenMusic, title: String) -> String {
    PianoRollChart(
      title: title, written.piece.steps, tellsHeld: written.piece.tellsHeld, givenCount: written.givenCount,
      stepsPerBar: stepsPerBar
    ).svg
  }
}
