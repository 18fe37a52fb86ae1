@_exported import RecurrentFormats
@_exported import RecurrentGraph
@_exported import RecurrentLayers
