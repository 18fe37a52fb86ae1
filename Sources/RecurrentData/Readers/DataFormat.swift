/// How data are written.
public enum DataFormat: String, Sendable, Codable, CaseIterable {
  /// A table: commas, semicolons, bars or blanks between fields.
  case csv
  /// A table with tabs between fields.
  case tsv
  /// An object of JSON in each line.
  case jsonl
  /// One value of JSON.
  case json
  /// Text in UTF-8.
  case text
  /// Words with their tags in columns.
  case conll
  /// WAVE: RIFF, RIFX, RF64 or BW64.
  case wav
  /// Sound of AIFF or AIFF-C.
  case aiff
  /// Sound of Sun and NeXT.
  case au
  /// Sound of NIST SPHERE.
  case sphere
  /// Sound of FLAC.
  case flac
  /// A record of WFDB, by its head.
  case wfdb
  /// Signals of EDF, EDF+ or BDF.
  case edf
  /// Pictures of GIF.
  case gif
  /// A picture of PNG.
  case png
  /// An array of NumPy.
  case npy
  /// An array of MNIST's kind.
  case idx
  /// A file of the time series archives.
  case ts
  /// Strokes of a pen in InkML.
  case inkml
  /// Sentences with their translations in TMX.
  case tmx
  /// Sequences of letters, each behind a line with its name.
  case fasta
  /// Reads: sequences of letters with a quality for each.
  case fastq
  /// Records of GenBank: sequences of letters with tables of their features.
  case genbank
  /// Records of EMBL or UniProt: the same with other marks.
  case embl
  /// Features of sequences in GFF3 or GTF.
  case gff
  /// Samples without a head: whole numbers of 16 bits, little-endian, one channel.
  case s16le
  /// Samples without a head: floats of 32 bits, little-endian, one channel.
  case f32le
  /// Sound of a kind that ffmpeg reads.
  case audio
  /// Pictures of a kind that ffmpeg reads.
  case video

  /// The format of files with an ending, which stands without its point; nil where it says nothing.
  init?(ending: String) {
    switch ending {
    case "csv", "tsv", "jsonl", "json", "wav", "flac", "gif", "png", "npy", "ts", "inkml", "tmx":
      self.init(rawValue: ending)
    case "wave", "rf64", "bw64": self = .wav
    case "aiff", "aif", "aifc": self = .aiff
    case "au", "snd": self = .au
    case "sph", "nist": self = .sphere
    case "hea": self = .wfdb
    case "edf", "bdf": self = .edf
    case "ndjson": self = .jsonl
    case "fa", "fasta", "fna", "ffn", "frn", "fas", "faa": self = .fasta
    case "fq", "fastq": self = .fastq
    case "gb", "gbk", "gbff", "genbank": self = .genbank
    case "embl", "emb": self = .embl
    case "gff", "gff3", "gtf": self = .gff
    case "txt": self = .text
    case _ where CoNLLFile.endings.contains(ending): self = .conll
    case _ where FFmpeg.soundEndings.contains(ending): self = .audio
    case _ where FFmpeg.pictureEndings.contains(ending): self = .video
    default: return nil
    }
  }

  /// The format whose mark bytes begin with; nil where they have none.
  init?(mark bytes: UnsafeRawBufferPointer) {
    if WaveFile.recognizes(bytes) {
      self = .wav
    } else if FLACFile.recognizes(bytes) {
      self = .flac
    } else if AIFFFile.recognizes(bytes) {
      self = .aiff
    } else if SunAudioFile.recognizes(bytes) {
      self = .au
    } else if SphereFile.recognizes(bytes) {
      self = .sphere
    } else if EDFHeader.recognizes(bytes) {
      self = .edf
    } else if GIFFile.recognizes(bytes) {
      self = .gif
    } else if PNGFile.recognizes(bytes) {
      self = .png
    } else if bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D]) {
      self = .npy
    } else if IDXFile.recognizes(bytes) {
      self = .idx
    } else if InkMLFile.recognizes(bytes) {
      self = .inkml
    } else if TranslationMemoryFile.recognizes(bytes) {
      self = .tmx
    } else if let own = SequenceMark.format(bytes) {
      self = own
    } else if let foreign = ForeignSound(bytes) {
      self = foreign.format
    } else {
      return nil
    }
  }

  /// Whether data of this format are one sequence of sound, pictures, numbers or strokes, and neither a table nor text.
  var isRecording: Bool {
    switch self {
    case .wav, .aiff, .au, .sphere, .flac, .wfdb, .edf, .gif, .png, .npy, .inkml, .s16le, .f32le, .audio,
      .video:
      true
    case .csv, .tsv, .jsonl, .json, .text, .conll, .idx, .ts, .tmx, .fasta, .fastq, .genbank, .embl, .gff:
      false
    }
  }

  /// Whether data of this format are signals that were recorded together.
  var isSignals: Bool { self == .wfdb || self == .edf }

  /// Whether data of this format are sequences of letters.
  var hasSequences: Bool { self == .fasta || self == .fastq || self == .genbank || self == .embl }

  /// Whether data of this format have rows and columns.
  var isTable: Bool { self == .csv || self == .tsv || self == .jsonl || self == .json }
}
