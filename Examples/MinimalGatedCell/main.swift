import Recurrent

var model = Recall(hiddenSize: 16, key: RandomKey(seed: 1))
for step in 1...1000 {
  let loss = model.train(steps: 10, rows: 32, rate: 0.5, key: RandomKey(seed: 2).child(step))
  if step % 200 == 0 { print("step \(step), loss \(loss)") }
}
