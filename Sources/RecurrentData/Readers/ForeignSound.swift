/// Sound and pictures that only ffmpeg reads, known by their first bytes.
enum ForeignSound {
  case mp3, ogg, mp4Sound, mp4, matroska, windowsMedia, amr, coreAudio, wave64, shorten, wavPack, monkey, avi

  /// The kind that bytes begin as; nil for none of them.
  init?(_ bytes: UnsafeRawBufferPointer) {
    func stands(_ text: String, at place: Int = 0) -> Bool {
      bytes.count > place && bytes[place...].starts(with: text.utf8)
    }
    // text may begin with the same letters
    let isBinary = bytes.prefix(16).contains { $0 < 9 }
    if ForeignSound.beginsAsMP3(bytes) {
      self = .mp3
    } else if stands("#!AMR") {
      self = .amr
    } else if !isBinary {
      return nil
    } else if stands("OggS") {
      self = .ogg
    } else if stands("ID3") {
      self = .mp3
    } else if stands("ftyp", at: 4) {
      self = stands("M4A", at: 8) || stands("M4B", at: 8) ? .mp4Sound : .mp4
    } else if bytes.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
      self = .matroska
    } else if bytes.starts(with: [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) {
      self = .windowsMedia
    } else if stands("caff") {
      self = .coreAudio
    } else if stands("riff") && bytes.count > 8 && bytes[4] == 0x2E {
      self = .wave64
    } else if stands("ajkg") {
      self = .shorten
    } else if stands("wvpk") {
      self = .wavPack
    } else if stands("MAC ") {
      self = .monkey
    } else if stands("RIFF"), stands("AVI ", at: 8) {
      self = .avi
    } else {
      return nil
    }
  }

  /// Whether bytes begin with the head of a frame of layer III.
  private static func beginsAsMP3(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 4, bytes[0] == 0xFF, [0xFA, 0xFB, 0xF2, 0xF3, 0xE2, 0xE3].contains(bytes[1]) else {
      return false
    }
    return (1...14).contains(bytes[2] >> 4) && bytes[2] >> 2 & 3 != 3
  }

  /// How it is handed on.
  var format: DataFormat {
    switch self {
    case .mp4, .matroska, .avi: .video
    case .mp3, .ogg, .mp4Sound, .windowsMedia, .amr, .coreAudio, .wave64, .shorten, .wavPack, .monkey: .audio
    }
  }

  /// What messages call it.
  var name: String {
    switch self {
    case .mp3: "MP3"
    case .ogg: "Ogg (Vorbis, Opus or another)"
    case .mp4Sound: "MPEG-4 sound (AAC or ALAC)"
    case .mp4: "MPEG-4"
    case .matroska: "Matroska or WebM"
    case .windowsMedia: "Windows Media"
    case .amr: "AMR"
    case .coreAudio: "Core Audio"
    case .wave64: "Wave64"
    case .shorten: "Shorten"
    case .wavPack: "WavPack"
    case .monkey: "Monkey's Audio"
    case .avi: "AVI"
    }
  }
}
