@_exported import RecurrentFormats
