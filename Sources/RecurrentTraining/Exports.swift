@_exported import RecurrentData
@_exported import RecurrentFormats
@_exported import RecurrentLayers
