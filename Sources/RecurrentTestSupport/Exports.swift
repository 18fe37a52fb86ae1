@_exported import Recurrent
