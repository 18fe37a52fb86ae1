import RecurrentData
import Testing
