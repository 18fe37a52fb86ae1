@_exported import RecurrentTraining
