@_exported import RecurrentData
