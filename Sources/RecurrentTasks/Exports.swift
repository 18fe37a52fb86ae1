@_exported import RecurrentDecoding
@_exported import RecurrentInterchange
@_exported import RecurrentTraining
