/// Why a request has no answer.
public struct ServingError: Error, Equatable, CustomStringConvertible {
  /// What kind of reason it is; each has a status of HTTP.
  public enum Kind: String, Sendable, CaseIterable {
    /// The request cannot be understood.
    case malformed
    /// The key is missing or wrong.
    case unauthorized
    /// Not allowed from there.
    case forbidden
    /// There is no such model, session or place.
    case unknown
    /// The method does not go with the place.
    case method
    /// It does not go with what was done before.
    case conflict
    /// It is larger than a limit lets it be.
    case tooLarge = "too_large"
    /// Its head is larger than a limit lets it be.
    case headTooLarge = "head_too_large"
    /// It is written in a way that is not read.
    case media
    /// It is to be asked for by another protocol.
    case upgrade
    /// It took too long.
    case timeout
    /// Too much waits now; later it will be taken.
    case busy
    /// The server begins or ends.
    case unavailable
    /// It is not offered for this model.
    case unsupported
    /// A fault of the server.
    case fault

    /// The status of HTTP.
    public var status: Int {
      switch self {
      case .malformed, .unsupported: 400
      case .unauthorized: 401
      case .forbidden: 403
      case .unknown: 404
      case .method: 405
      case .timeout: 408
      case .conflict: 409
      case .tooLarge: 413
      case .media: 415
      case .busy: 429
      case .upgrade: 426
      case .headTooLarge: 431
      case .fault: 500
      case .unavailable: 503
      }
    }
  }

  /// What kind of reason it is.
  public var kind: Kind
  /// The reason as a sentence, with what was expected and found.
  public var message: String
  /// The part of the request that it is about.
  public var parameter: String?
  /// Whole seconds after which the same request may be taken.
  public var retryAfter: Int?
  /// The methods that the place takes, where that is the reason.
  public var allowed: [String] = []

  /// A reason.
  public init(_ kind: Kind, _ message: String, parameter: String? = nil, retryAfter: Int? = nil) {
    (self.kind, self.message, self.parameter, self.retryAfter) = (kind, message, parameter, retryAfter)
  }

  /// The reason.
  public var description: String { message }

  /// Why steps of a request cannot be read: what the library says of lines of a stream.
  init(ofSteps error: any Error) {
    guard !(error is ServingError) else {
      self = .wrapping(error)
      return
    }
    self.init(.malformed, "\(error)".replacing("<stream>: line ", with: "step "), parameter: "steps")
  }

  /// An error of the library: what the request lacks, or a fault.
  static func wrapping(_ error: any Error) -> ServingError {
    error as? ServingError ?? ServingError(.malformed, "\(error)")
  }
}
