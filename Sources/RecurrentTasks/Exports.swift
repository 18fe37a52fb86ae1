@_exported import RecurrentInterchange
@_exported import RecurrentTraining
