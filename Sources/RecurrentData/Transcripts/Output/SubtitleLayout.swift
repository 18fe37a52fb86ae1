/// Cues made of words by their times.
struct SubtitleLayout {
  private let settings: SubtitleSettings
  /// Characters of a line and lines of a cue, at least one.
  private let lineLength, lineCount: Int
  /// How long a cue stands at most, in seconds, at least a millisecond.
  private let longest: Double

  init(_ settings: SubtitleSettings) {
    self.settings = settings
    (lineLength, lineCount) = (max(settings.lineLength, 1), max(settings.lineCount, 1))
    longest = max(settings.seconds.upperBound, 0.001)
  }

  /// The cues of a recording. They never overlap; a cue ends where the next one begins if it would be too short or too fast to
  /// read otherwise.
  func cues(_ transcript: TimedTranscript) -> [SubtitleCue] {
    let groups = grouped(transcript.words.flatMap(pieces))
    var cues: [SubtitleCue] = []
    let latest = transcript.duration.map { Int(($0 * 1000).rounded()) } ?? .max
    for (index, group) in groups.enumerated() {
      let first = max(SubtitleLayout.milliseconds(group[0].start), cues.last?.end ?? 0)
      let spoken = max(SubtitleLayout.milliseconds(group.map(\.end).max() ?? 0), first + 1)
      let lines = wrapped(group)
      let letters = lines.reduce(0) { $0 + SubtitleLayout.width($1) }
      let needed = max(settings.seconds.lowerBound, Double(letters) / max(settings.readingSpeed, 0.1))
      var end = max(spoken, first + SubtitleLayout.milliseconds(min(needed, longest)))
      if spoken - first > SubtitleLayout.milliseconds(longest) {
        end = first + SubtitleLayout.milliseconds(longest)
      }
      end = min(end, max(spoken, latest))
      if index + 1 < groups.count {
        // the words of the next cue wait for nothing, and this one for a millisecond at least
        end = max(min(end, SubtitleLayout.milliseconds(groups[index + 1][0].start)), first + 1)
      }
      cues.append(
        SubtitleCue(start: first, end: end, lines: lines.map(SubtitleLayout.line), words: lines))
    }
    return cues
  }

  private static func milliseconds(_ seconds: Double) -> Int {
    Int((min(max(seconds, 0), TimedTranscript.latest) * 1000).rounded())
  }

  private static func line(_ words: [TimedWord]) -> String { words.map(\.text).joined(separator: " ") }

  /// Characters of words with blanks between them.
  private static func width(_ words: [TimedWord]) -> Int {
    words.reduce(max(words.count - 1, 0)) { $0 + $1.text.count }
  }

  /// A word that is longer than a line in pieces, each with its share of the time.
  private func pieces(_ word: TimedWord) -> [TimedWord] {
    let characters = Array(word.text)
    guard characters.count > lineLength else { return [word] }
    let share = (word.end - word.start) / Double(characters.count)
    return stride(from: 0, to: characters.count, by: lineLength).map { place in
      let end = min(place + lineLength, characters.count)
      return TimedWord(
        String(characters[place..<end]), start: word.start + Double(place) * share,
        end: word.start + Double(end) * share, confidence: word.confidence)
    }
  }

  /// The words of each cue: as many as have room and time, up to a pause or, from a line on, the end of a sentence.
  private func grouped(_ words: [TimedWord]) -> [[TimedWord]] {
    var groups: [[TimedWord]] = []
    var group: [TimedWord] = []
    for word in words {
      if let last = group.last {
        let isPause = word.start - last.end >= settings.pause
        let isSentence =
          (last.text.last.map { ".!?。！？…".contains($0) } ?? false)
          && SubtitleLayout.width(group) >= lineLength / 2
        let isLong = word.end - group[0].start > longest
        if isPause || isSentence || isLong || filled(group + [word]).count > lineCount {
          groups.append(group)
          group = []
        }
      }
      group.append(word)
    }
    return group.isEmpty ? groups : groups + [group]
  }

  /// Words in lines that are as full as they can be.
  private func filled(_ words: [TimedWord], width: Int? = nil) -> [[TimedWord]] {
    let limit = width ?? lineLength
    var lines: [[TimedWord]] = []
    for word in words {
      if let line = lines.last, SubtitleLayout.width(line) + 1 + word.text.count <= limit {
        lines[lines.count - 1].append(word)
      } else {
        lines.append([word])
      }
    }
    return lines
  }

  /// Words in as few lines as they need, which are about as long as each other.
  private func wrapped(_ words: [TimedWord]) -> [[TimedWord]] {
    let count = filled(words).count
    guard count > 1 else { return [words] }
    var (low, high) = (words.map(\.text.count).max() ?? 1, lineLength)
    while low < high {
      let middle = (low + high) / 2
      if filled(words, width: middle).count <= count { high = middle } else { low = middle + 1 }
    }
    return filled(words, width: high)
  }
}
