/// e to the power of every element.
public func exp(_ x: Tensor) -> Tensor {
  let node = x.node
  let y = x.mapped(.exp)
  return y.recorded(from: x) { upstream, gradients in gradients.add(upstream.combined(.multiply, y), to: node)
  }
}

/// The natural logarithm of every element.
public func log(_ x: Tensor) -> Tensor {
  let (value, node) = (x.detached, x.node)
  return x.mapped(.log).recorded(from: x) { upstream, gradients in
    gradients.add(upstream.combined(.divide, value), to: node)
  }
}

/// The square root of every element.
public func sqrt(_ x: Tensor) -> Tensor {
  let node = x.node
  let y = x.mapped(.sqrt)
  return y.recorded(from: x) { upstream, gradients in
    gradients.add(upstream.combined(.divide, y.combined(.add, y)), to: node)
  }
}

/// The square of every element.
public func square(_ x: Tensor) -> Tensor {
  let (value, node) = (x.detached, x.node)
  return x.mapped(.square).recorded(from: x) { upstream, gradients in
    gradients.add(upstream.combined(.multiply, value.combined(.add, value)), to: node)
  }
}

/// The magnitude of every element; its derivative at zero is taken as zero.
public func abs(_ x: Tensor) -> Tensor {
  let (value, node) = (x.detached, x.node)
  return x.mapped(.abs).recorded(from: x) { upstream, gradients in
    gradients.add(upstream.combined(.multiply, value.mapped(.sign)), to: node)
  }
}

/// 1 / (1 + e^-x) of every element.
public func sigmoid(_ x: Tensor) -> Tensor {
  let node = x.node
  let y = x.mapped(.sigmoid)
  return y.recorded(from: x) { upstream, gradients in
    gradients.add(upstream.combined(.sigmoidGradient, y), to: node)
  }
}

/// The hyperbolic tangent of every element.
public func tanh(_ x: Tensor) -> Tensor {
  let node = x.node
  let y = x.mapped(.tanh)
  return y.recorded(from: x) { upstream, gradients in
    gradients.add(upstream.combined(.tanhGradient, y), to: node)
  }
}

/// max(x, 0) of every element; its derivative at zero is taken as zero.
public func relu(_ x: Tensor) -> Tensor {
  let node = x.node
  let y = x.mapped(.relu)
  return y.recorded(from: x) { upstream, gradients in
    gradients.add(upstream.combined(.reluGradient, y), to: node)
  }
}

/// log(1 + e^x) of every element, without overflow.
public func softplus(_ x: Tensor) -> Tensor {
  let (value, node) = (x.detached, x.node)
  return x.mapped(.softplus).recorded(from: x) { upstream, gradients in
    gradients.add(upstream.combined(.multiply, value.mapped(.sigmoid)), to: node)
  }
}

/// The larger of two elements, with broadcasting; where they are equal the gradient goes to the first.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
  chosen(a, b, .maximum) { $1.combined(.greater, $0) }
}

/// The smaller of two elements, with broadcasting; where they are equal the gradient goes to the first.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
  chosen(a, b, .minimum) { $0.combined(.greater, $1) }
}

private func chosen(
  _ a: Tensor, _ b: Tensor, _ operation: BinaryOperation,
  takesSecond: @escaping @Sendable (Tensor, Tensor) -> Tensor
) -> Tensor {
  let (x, y, nodeA, nodeB) = (a.detached, b.detached, a.node, b.node)
  return x.combined(operation, y).recorded(from: a, b) { upstream, gradients in
    let mask = takesSecond(x, y)
    let second = upstream.combined(.multiply, mask)
    gradients.add(upstream.combined(.subtract, second).unbroadcast(to: x.shape), to: nodeA)
    gradients.add(second.unbroadcast(to: y.shape), to: nodeB)
  }
}
