@_exported import RecurrentCore
@_exported import RecurrentData
@_exported import RecurrentFormats
@_exported import RecurrentGraph
@_exported import RecurrentInterchange
@_exported import RecurrentLayers
@_exported import RecurrentTasks
@_exported import RecurrentTraining
