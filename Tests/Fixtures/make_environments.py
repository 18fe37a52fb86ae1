"""Makes the fixture of environments: trajectories of Gymnasium's.

    pip install gymnasium==1.4.0 numpy
    python Tests/Fixtures/make_environments.py

`environments.json` has for each environment episodes with their first state, the actions, and for each step the observation, the reward
and whether it ended the episode. Actions follow a rule with noise, so that episodes become long and reach the limits: a cart that is
balanced and one that is not, a pendulum that is swung, a car that swings up.
"""
import json
import math
import pathlib
import random

import gymnasium
import numpy as np


def episode(name: str, seed: int, rule, steps: int) -> dict:
  """An episode with the actions of a rule that sees the observation, the step and random numbers."""
  env = gymnasium.make(name)
  source = random.Random(seed)
  observation, _ = env.reset(seed=seed)
  first = [float(x) for x in env.unwrapped.state]
  rows = []
  for step in range(steps):
    action = rule(observation, step, source)
    given = int(action) if isinstance(env.action_space, gymnasium.spaces.Discrete) else np.array([action], np.float32)
    observation, reward, terminated, truncated, _ = env.step(given)
    value = float(given if isinstance(given, int) else given[0])
    rows.append([value, [float(x) for x in observation], float(reward), bool(terminated), bool(truncated)])
    if terminated or truncated:
      break
  return {"first": first, "steps": rows}


def balance(observation, step, source):
  """Keeps the pole up, but for some noise."""
  return source.random() < 0.1 or observation[2] + 0.3 * observation[3] > 0


def push(observation, step, source):
  """Anything."""
  return source.random() < 0.5


def swing(observation, step, source):
  """A torque beyond the bounds now and then."""
  return 2.6 * math.sin(0.3 * step) if step % 40 < 20 else source.uniform(-2, 2)


def climb(observation, step, source):
  """With the motion, which reaches the goal."""
  return 1.0 if observation[1] >= 0 else -0.9


def main() -> None:
  cases = {
    "cartpole": [
      episode("CartPole-v1", 1, balance, 600),
      episode("CartPole-v1", 2, push, 600),
    ],
    "pendulum": [episode("Pendulum-v1", seed, swing, 300) for seed in (3, 4)],
    "mountain-car": [
      episode("MountainCarContinuous-v0", 5, climb, 300),
      episode("MountainCarContinuous-v0", 6, swing, 40),
    ],
  }
  texts = {"gymnasium_version": gymnasium.__version__, "numpy_version": np.__version__}
  path = pathlib.Path(__file__).resolve().parent / "environments.json"
  path.write_text(json.dumps({**texts, "environments": cases}, separators=(",", ":")) + "\n")
  for name, episodes in cases.items():
    print(name, [(len(own["steps"]), own["steps"][-1][2:]) for own in episodes])
  print(path.stat().st_size, "bytes")


if __name__ == "__main__":
  main()
