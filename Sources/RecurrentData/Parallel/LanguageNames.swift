/// What languages are called at the head of a table: their names in English and their own, without accents where keyboards leave
/// them out, by the codes of ISO 639.
enum LanguageNames {
  /// The code of the language of a name; nil for any other word.
  static func code(of name: String) -> String? { codes[name.lowercased()] }

  private static let codes: [String: String] = {
    var codes: [String: String] = [:]
    for line in names {
      let words = line.split(separator: " ").map(String.init)
      for word in words.dropFirst() { codes[word] = words[0] }
    }
    return codes
  }()

  private static let names = [
    "af afrikaans", "ar arabic", "be belarusian", "bg bulgarian", "bn bengali", "bs bosnian",
    "ca catalan català catala",
    "cs czech čeština cestina", "cy welsh cymraeg", "da danish dansk", "de german deutsch", "el greek",
    "en english",
    "eo esperanto", "es spanish castilian español espanol", "et estonian eesti", "eu basque euskara",
    "fa persian farsi", "fi finnish suomi", "fr french français francais", "ga irish gaeilge",
    "gl galician galego",
    "gu gujarati", "he hebrew", "hi hindi", "hr croatian hrvatski", "hu hungarian magyar", "hy armenian",
    "id indonesian", "is icelandic íslenska islenska", "it italian italiano", "ja japanese", "ka georgian",
    "kk kazakh",
    "km khmer", "kn kannada", "ko korean", "la latin", "lt lithuanian lietuvių", "lv latvian latviešu",
    "mk macedonian",
    "ml malayalam", "mn mongolian", "mr marathi", "ms malay", "mt maltese", "my burmese", "ne nepali",
    "nl dutch nederlands", "no norwegian norsk bokmål nynorsk", "pa punjabi", "pl polish polski",
    "pt portuguese português portugues", "ro romanian română romana", "ru russian", "si sinhala",
    "sk slovak slovenčina",
    "sl slovenian slovene slovenščina", "sq albanian shqip", "sr serbian", "sv swedish svenska", "sw swahili",
    "ta tamil",
    "te telugu", "th thai", "tl tagalog", "tr turkish türkçe turkce", "uk ukrainian", "ur urdu", "uz uzbek",
    "vi vietnamese", "yi yiddish", "zh chinese mandarin", "zu zulu",
  ]
}
